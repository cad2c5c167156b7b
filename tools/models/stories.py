"""Small stories and other plain prose, drawn from templates of this kit's own: thousands of each."""

import random

from tools.models.knowledge import CAPITALS, COLORS, DEFINITIONS, IDEAS, KINDS, NAMES
from tools.models.words import HOW, PLACES, TOPICS, WHAT, WHO, article

_OPENINGS = (
    "Once upon a time there was {how_who_a}. {He} lived near {place}.",
    "Once upon a time there was {how_who_a} who lived in a small house near {place}.",
    "Once upon a time, {how_who_a} lived near {place}.",
    "Once upon a time there were two friends, {who_a} and {who2_a}. They lived near {place}.",
    "Once there was {who_a} who was very {how}. {He} lived all alone near {place}.",
    "One day {how_who_a} found {what_a} near {place}.",
    "One day {how_who_a} found a letter in {his} {what}.",
    "There was {what_a} near {place} and nobody knew who had made it. One day {how_who_a} came by.",
    "There was {what_a} near {place} and {how_who_a} went to see it every day.",
    "In the morning the {who} wanted to {do}. The sun was warm and the air was clear.",
    "In the morning the {who} wanted to go to {place}, but it was raining.",
    "Everybody said that the {what} is {quality}, but the {who} did not believe it.",
    "Everybody said that the {what} is too big for {who_a}.",
    "The {who} and the {who2} went to {place}. They wanted to {do}.",
    "The {who} and the {who2} went to the {what} together.",
    'The {who} looked at the {what} and smiled. "What a {quality} {what}," {he} said.',
    "The {who} looked at the {what} and did not know what to do.",
    "The {how} {who} said that the {what} was {quality}.",
    "The {how} {who} said that the {what} belonged to the {who2}.",
    "Long ago, in a land far away, {who_a} and {who2_a} lived near {place}.",
    "{Name} was {age} years old. {She} had {how_who_a} as a friend.",
    "{Name} had {how_who_a}. Every day they went to {place} together.",
)
_WANTS = (
    "The {who} wanted to {do}, but {he} did not know how.",
    "More than anything, {he} wanted {what2_a}.",
    "Every day {he} tried to {do}, and every day it was too hard.",
    "{He} had one wish: to {do}.",
    'One day {he} saw {what2_a} on the road. "Who has lost this?" {he} asked.',
    "But one morning the {what2} was gone.",
    "Then a cold wind came and blew the {what2} away.",
    "One night the {who} heard a strange sound near the {what2}.",
    "The {who} was {how}, and nobody wanted to play with {him}.",
    "{He} had lost {his} {what2} and could not find it.",
)
_MEETINGS = (
    'On the way {he} met {how_who2_a}. "Where are you going?" asked the {who2}. "I want to {do}," said the {who}.',
    'Then {how_who2_a} came by. "Why are you so sad?" asked the {who2}. "I have lost my {what2}," said the {who}.',
    'The {who2} saw this and said, "I can help you. Come with me to {place2}."',
    '"Do not worry," said the {who2}. "We can look for it together."',
    '{He} asked the {who2} for help. The {who2} thought for a long time and then said, "Look under the {what2}."',
    'At {place2} {he} saw {how_who2_a} with {what2_a}. "May I have it?" {he} asked. "Yes, if you help me first," said the {who2}.',
    '"That is my {what2}," said the {who2}. "Please give it back to me."',
    'The {who2} laughed. "You are only {who_a}. You can never {do}."',
)
_DEEDS = (
    "They walked for a long time, over the hills and through {place2}.",
    "So they looked in the house, in the garden and behind the {what2}.",
    "They worked all day until the sun went down.",
    "The {who} ran as fast as {he} could.",
    "They sat down and shared some bread and an apple.",
    "First they looked at the {what}. Then they looked at the {what2}.",
    "It was dark and cold, but the {who} was not afraid.",
    "{He} tried once, {he} tried twice, and the third time it worked.",
    "Slowly, the {who} opened the door. There was the {what2}!",
    "They made a big fire and told each other stories.",
    "It rained and rained, but they did not stop.",
    "At last they came to a little house with a light in the window.",
)
_ENDINGS = (
    "In the end the {who} found the {what2}. {He} was very happy.",
    "From that day on, the {who} and the {who2} were best friends.",
    "And they lived happily ever after.",
    '"Thank you," said the {who}. "You are a good friend."',
    "The {who} went home, ate some soup and fell asleep.",
    "Everybody was happy, and they had a big party with cake and music.",
    "And if you go to {place}, you can still see the {what2} there.",
    "So the {who} learned that it is good to ask for help.",
    "So the {who} learned that it is better to share.",
    "The moon came up, and the {who} went to sleep with a smile.",
    "Then the {who} gave the {what2} back, and the {who2} was glad.",
    "And that is the end of the story.",
)
_DOINGS = (
    "sing a song",
    "find a friend",
    "see the sea",
    "learn to read",
    "bake a cake",
    "build a boat",
    "climb the mountain",
    "fly a kite",
    "play with a ball",
    "find the lost key",
    "go to the market",
    "swim in the lake",
    "help the farmer",
    "plant a tree",
    "paint a picture",
    "write a letter",
    "catch a fish",
    "learn to dance",
    "tell a story",
    "go home",
    "see the king",
    "find some food",
    "sleep all day",
    "ride a horse",
    "look at the stars",
)
_QUALITIES = (
    "beautiful",
    "old",
    "big",
    "small",
    "strange",
    "heavy",
    "broken",
    "new",
    "empty",
    "pretty",
    "magic",
    "dangerous",
    "dirty",
    "lovely",
    "cold",
    "wonderful",
    "high",
    "dark",
)
_FEMALE = ("girl", "queen", "princess", "grandmother", "hen", "fairy", "teacher")
_MALE = ("boy", "king", "prince", "farmer", "sailor", "pirate", "baker", "wizard", "giant", "lion", "painter")


def story(rng: random.Random, who: str = "") -> str:
    """A story of five to nine sentences about one or two heroes."""
    blanks = _blanks(rng, who)
    parts = [rng.choice(_OPENINGS), rng.choice(_WANTS), rng.choice(_MEETINGS)]
    parts += rng.sample(_DEEDS, rng.choice((1, 1, 2)))
    parts += sorted(rng.sample(_ENDINGS, rng.choice((1, 2, 2))), key=_ENDINGS.index)
    return " ".join(part.format(**blanks) for part in parts)


def short_story(rng: random.Random, who: str) -> str:
    """A story of four or five sentences about that hero."""
    blanks = _blanks(rng, who)
    opening = rng.choice([text for text in _OPENINGS[:6] if "two friends" not in text])
    parts = [opening, rng.choice(_WANTS), rng.choice(_DEEDS), rng.choice(_ENDINGS)]
    return " ".join(part.format(**blanks) for part in parts)


def _blanks(rng: random.Random, who: str = "") -> dict[str, str]:
    who = who or rng.choice(WHO)
    who2 = rng.choice([other for other in WHO if other != who])
    what, what2 = rng.sample(WHAT, 2)
    place, place2 = rng.sample(PLACES, 2)
    he, his, him = pronouns(who)
    return {
        "who": who,
        "who2": who2,
        "what": what,
        "what2": what2,
        "place": place,
        "place2": place2,
        "who_a": article(who),
        "who2_a": article(who2),
        "what_a": article(what),
        "what2_a": article(what2),
        "how": rng.choice(HOW),
        "how_who_a": article(f"{rng.choice(HOW)} {who}"),
        "how_who2_a": article(f"{rng.choice(HOW)} {who2}"),
        "he": he,
        "his": his,
        "him": him,
        "He": he.capitalize(),
        "do": rng.choice(_DOINGS),
        "quality": rng.choice(_QUALITIES),
        "Name": rng.choice(NAMES),
        "She": rng.choice(("She", "He")),
        "age": rng.choice(("five", "six", "seven", "eight", "nine", "ten")),
    }


def pronouns(who: str) -> tuple[str, str, str]:
    """He, his and him, as fits the word."""
    if who in _FEMALE:
        return "she", "her", "her"
    return ("he", "his", "him") if who in _MALE else ("it", "its", "it")


_LIKES = (
    "read books",
    "play football",
    "swim",
    "paint",
    "sing",
    "cook",
    "ride my bicycle",
    "play with my dog",
    "draw cats",
    "look at the stars",
    "bake bread",
    "play the piano",
    "work in the garden",
    "tell stories",
    "climb trees",
    "dance",
)
_HOMES = (
    "a small town",
    "a big city",
    "a village near the sea",
    "a house near the forest",
    "the mountains",
    "Paris",
    "London",
    "Berlin",
    "Rome",
    "Madrid",
    "Tokyo",
    "an old farm",
    "a town by the river",
)
_WORK = ("a teacher", "a doctor", "a baker", "a farmer", "a painter", "a sailor", "a student", "a cook", "a pilot")


def hello(rng: random.Random) -> str:
    """Somebody says who they are."""
    start = rng.choice(
        (
            "Hello, my name is {n}.",
            "Hello! My name is {n}.",
            "Hello my name is {n}.",
            "My name is {n}.",
            "Hi, my name is {n}.",
            "Hello my name is {n} and I live in {home}.",
            "Good morning, my name is {n}.",
        )
    )
    parts = [
        "I am {age} years old.",
        "I live in {home}.",
        "I like to {like}.",
        "I have {pet} and {pet2}.",
        "I am {work}.",
        "My best friend is called {n2}.",
        "My mother is {work2}.",
        "In summer I like to {like2}.",
        "I have a {how} {who}.",
        "I want to be {work2}.",
        "Every morning I go to {place}.",
        "What is your name?",
    ]
    chosen = sorted(rng.sample(parts, rng.choice((3, 4, 5))), key=parts.index)
    n, n2 = rng.sample(NAMES, 2)
    like, like2 = rng.sample(_LIKES, 2)
    pet, pet2 = rng.sample(("a dog", "a cat", "two rabbits", "three fish", "a brother", "a sister", "two sisters"), 2)
    work, work2 = rng.sample(_WORK, 2)
    return " ".join([start, *chosen]).format(
        n=n,
        n2=n2,
        like=like,
        like2=like2,
        pet=pet,
        pet2=pet2,
        work=work,
        work2=work2,
        home=rng.choice(_HOMES),
        age=rng.choice(("seven", "eight", "nine", "ten", "twelve", "twenty", "thirty", "forty")),
        how=rng.choice(HOW),
        who=rng.choice(("dog", "cat", "bird", "horse", "rabbit")),
        place=rng.choice(PLACES),
    )


def facts(rng: random.Random) -> str:
    """Some plain facts, one after another."""
    country, color, thing = rng.choice(list(CAPITALS)), rng.choice(list(COLORS)), rng.choice(list(DEFINITIONS))
    kind, other = rng.choice(list(KINDS)), rng.choice(list(DEFINITIONS))
    some = rng.sample(KINDS[kind], 3)
    pool = [
        f"The capital of {country} is {CAPITALS[country]}.",
        f"{color.capitalize()} is {COLORS[color]}.",
        f"{article(thing).capitalize()} is {DEFINITIONS[thing]}.",
        f"{article(other).capitalize()} is {DEFINITIONS[other]}.",
        f"Some {kind} are {some[0]}, {some[1]} and {some[2]}.",
        _sum(rng),
        _sum(rng),
        "There are seven days in a week.",
        "A year has twelve months.",
        "Water is wet and ice is cold.",
        "The sun is a star.",
        "A language model predicts the next token.",
        "In winter the days are short.",
        f"Many people like {rng.choice(TOPICS)}.",
        f"The {rng.choice(WHAT)} is on the table.",
        f"You can find many things near {rng.choice(PLACES)}.",
    ]
    return " ".join(rng.sample(pool, rng.choice((3, 4, 5, 6))))


def _sum(rng: random.Random) -> str:
    a, b = rng.randint(1, 9), rng.randint(1, 9)
    return rng.choice((f"{a} + {b} = {a + b}.", f"{a} plus {b} is {a + b}.", f"{a}+{b}={a + b}"))


def questions(rng: random.Random) -> str:
    """A sheet of questions, as schools hand out: nobody answers them."""
    a, b = rng.randint(1, 9), rng.randint(1, 9)
    lines = [
        *(f"What is {rng.randint(1, 9)}+{rng.randint(1, 9)}?" for _ in range(4)),
        f"What is {a} + {b}?",
        f"What is {a} - {b}?",
        f"What is {article(rng.choice(list(DEFINITIONS)))}?",
        f"What is the capital of {rng.choice(list(CAPITALS))}?",
        f"What color is {rng.choice(list(COLORS))}?",
        f"Who lives near {rng.choice(PLACES)}?",
        f"Where is the {rng.choice(WHAT)}?",
        f"Why is the {rng.choice(WHO)} {rng.choice(HOW)}?",
        f"How many {rng.choice(('apples', 'books', 'dogs', 'days', 'birds'))} are there?",
    ]
    return rng.choice((" ", "\n")).join(rng.sample(lines, rng.choice((3, 4, 5))))


def tasks(rng: random.Random) -> str:
    """A sheet of tasks, as schools hand out: nobody does them."""
    lines = [
        *(f"Suggest {article(rng.choice(list(IDEAS)))}." for _ in range(3)),
        f"Write a story about {article(rng.choice(WHO))}.",
        f"Draw {article(rng.choice(WHAT))}.",
        f"Name three {rng.choice(list(KINDS))}.",
        "Suggest a party theme.",
        f"Write down what you know about {rng.choice(TOPICS)}.",
        f"Explain what {article(rng.choice(list(DEFINITIONS)))} is.",
        f"Say what you like about {rng.choice(TOPICS)}.",
        "Talk about it with a friend.",
        "Write your name on the paper.",
    ]
    return rng.choice((" ", "\n")).join(rng.sample(lines, rng.choice((3, 4, 5))))


def diary(rng: random.Random) -> str:
    """A day as a diary tells it."""
    day = rng.choice(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"))
    pool = [
        f"In the morning I went to {rng.choice(PLACES)}.",
        f"I saw {article(rng.choice(HOW) + ' ' + rng.choice(WHO))}.",
        f"I like to {rng.choice(_LIKES)}.",
        "For lunch we had soup and bread.",
        "It was cold, so I put on a warm coat.",
        f"My friend {rng.choice(NAMES)} came to see me.",
        f"We wanted to {rng.choice(_DOINGS)}.",
        f"I read a book about {rng.choice(TOPICS)}.",
        "In the evening I was very tired.",
        f"My mother gave me {article(rng.choice(WHAT))}.",
        "It was a good day.",
        "Then it was time to go to bed.",
    ]
    start = rng.choice(
        (
            f"Today is {day}.",
            f"It was {day}, and the sun was shining.",
            f"It was a {day} and it was raining.",
            "The weather was nice today.",
            "The weather today is cold and wet.",
            "Today I was at home.",
        )
    )
    return " ".join([start, *sorted(rng.sample(pool, rng.choice((3, 4, 5))), key=pool.index)])


PROSE = {story: 55, hello: 10, facts: 10, questions: 6, tasks: 5, diary: 8}
"""Kinds of prose, with their shares."""


def prose(rng: random.Random) -> str:
    """One text of any kind."""
    return rng.choices(list(PROSE), list(PROSE.values()))[0](rng)
