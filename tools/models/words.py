"""The words that the training text is made of."""

import random

WHO = (
    "girl", "boy", "dog", "cat", "bird", "teacher", "farmer", "king", "queen", "bear", "rabbit", "friend", "doctor",
    "sailor", "robot", "dragon", "fox", "mouse", "frog", "duck", "owl", "baker", "prince", "princess", "giant",
    "fish", "horse", "elephant", "turtle", "squirrel", "wizard", "fairy", "grandmother", "child", "painter", "pirate",
    "monkey", "lion", "hen", "goat",
)  # fmt: skip
WHAT = (
    "house", "tree", "river", "garden", "boat", "book", "box", "flower", "mountain", "castle", "table", "road", "ball",
    "cake", "song", "story", "key", "map", "hat", "lamp", "bell", "ring", "stone", "door", "apple", "letter", "kite",
    "coin", "drum", "star", "bridge", "cup", "basket", "bag", "egg", "blanket", "shoe", "picture", "clock", "wagon",
)  # fmt: skip
HOW = (
    "little", "old", "happy", "big", "quiet", "brave", "young", "funny", "sad", "kind", "clever", "lonely", "hungry",
    "tired", "curious", "shy", "gentle", "lazy", "proud", "friendly",
)  # fmt: skip
PLACES = (
    "the forest", "the sea", "the village", "a lake", "the mountains", "the river", "a small town", "the farm",
    "the school", "the beach", "the market", "the old bridge", "a green hill", "the garden", "the park",
)  # fmt: skip
TOPICS = (
    "the sun", "the moon", "rain", "snow", "wind", "cats", "dogs", "birds", "fish", "bees", "trees", "flowers", "the sea",
    "rivers", "mountains", "bread", "milk", "apples", "school", "books", "music", "friends", "family", "farms", "trains",
    "boats", "cars", "bicycles", "computers", "language models", "numbers", "letters", "colors", "winter", "spring",
    "summer", "autumn", "the night", "stars", "doctors", "teachers", "bakers", "sleep", "games", "football", "cooking",
    "horses", "elephants", "frogs", "the desert", "islands", "cities", "villages", "maps", "clocks", "money", "water",
    "fire", "ice", "birthdays", "gardens", "libraries", "robots", "kitchens", "weather", "clouds", "rainbows",
)  # fmt: skip
THINGS = (
    "dog", "cat", "tree", "river", "mountain", "book", "computer", "language model", "token", "robot", "bicycle", "train",
    "car", "boat", "clock", "map", "key", "lamp", "school", "library", "hospital", "farm", "garden", "kitchen", "window",
    "door", "bridge", "castle", "island", "desert", "forest", "cloud", "star", "planet", "moon", "rainbow", "volcano",
    "lake", "beach", "village", "city", "king", "queen", "doctor", "teacher", "baker", "farmer", "sailor", "painter",
    "pilot", "chair", "table", "bed", "cup", "spoon", "knife", "hammer", "pencil", "pen", "letter", "word", "sentence",
    "number", "song", "guitar", "piano", "drum", "ball", "kite", "apple", "banana", "potato", "egg", "cake", "bread",
    "soup", "cheese", "horse", "cow", "sheep", "pig", "duck", "frog", "fish", "bee", "spider", "butterfly", "elephant",
    "lion", "tiger", "bear", "fox", "rabbit", "owl", "penguin", "whale", "dolphin", "shark", "umbrella", "hat", "shoe",
    "coat", "blanket", "mirror", "camera", "telephone", "radio", "calendar", "dictionary", "museum", "market", "airport",
)  # fmt: skip
OCCASIONS = (
    "a party theme", "a birthday party", "a birthday gift", "a rainy day", "a healthy breakfast", "a quick dinner",
    "a picnic", "a school trip", "a name for a cat", "a name for a dog", "a weekend with friends", "a children's game",
    "a summer party", "a winter party", "a gift for a teacher", "a gift for a friend", "a science project",
    "saving water", "learning a language", "a small garden", "a bedtime story", "a healthy snack", "a family evening",
    "keeping a room tidy", "a walk in the park", "a class party", "a costume", "a good book club",
)  # fmt: skip


def article(word: str) -> str:
    """The word with `a` or `an` before it."""
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"


def fill(request: str, rng: random.Random) -> str:
    """A request with words drawn for its blanks."""
    who, who2 = rng.sample(WHO, 2)
    return request.format(
        who_a=article(who), who2_a=article(who2), how_who_a=article(f"{rng.choice(HOW)} {who}"),
        what_a=article(rng.choice(WHAT)), place=rng.choice(PLACES), topic=rng.choice(TOPICS),
        thing_a=article(rng.choice(THINGS)), occasion=rng.choice(OCCASIONS),
    )  # fmt: skip
