"""Requests and answers, drawn from templates of this kit's own. What is held out here is only asked in the evaluation."""

import random
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tools.models.knowledge import BEYOND, CAPITALS, COLORS, DEFINITIONS, IDEAS, KINDS, NAMES, OPPOSITES
from tools.models.stories import short_story
from tools.models.words import HOW, WHO, article

_HELD_OUT = 8
"""One request in so many is kept apart from training, chosen by its own words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and its answer."""

    kind: str
    request: str
    answer: str
    expected: tuple[str, ...] = ()
    """Words that a right answer holds; for lists, those that an item may be."""
    count: int = 0
    """How many items a list is to have."""
    key: str = ""
    """What is kept apart as a whole, in all its wordings; else the request itself."""


def is_held_out(made: Exchange) -> bool:
    """Whether it is kept apart: by a check sum of its key, or else of its request."""
    return zlib.crc32((made.key or made.request).lower().encode()) % _HELD_OUT == 0


def exchange(rng: random.Random, held_out: bool = False) -> Exchange:
    """One of any kind, from those for training or from those kept apart."""
    while True:
        made = rng.choices(list(KINDS_OF_TALK), list(KINDS_OF_TALK.values()))[0](rng)
        if made.kind in _ALWAYS_KNOWN or is_held_out(made) == held_out:
            return made


def _sum(rng: random.Random) -> Exchange:
    sign = rng.choice("+++--*")
    top = 10 if sign == "*" else 20
    a, b = rng.randint(0, top), rng.randint(0, top)
    if rng.random() < 0.5:
        a, b = rng.randint(0, 10), rng.randint(0, 10)
    if sign == "-":
        a, b = max(a, b), min(a, b)
    result = {"+": a + b, "-": a - b, "*": a * b}[sign]
    word = {"+": "plus", "-": "minus", "*": "times"}[sign]
    request = rng.choice(
        (
            f"What is {a}{sign}{b}?",
            f"What is {a}{sign}{b}?",
            f"What is {a} {sign} {b}?",
            f"{a}{sign}{b}",
            f"{a} {sign} {b} = ?",
            f"How much is {a} {sign} {b}?",
            f"What is {a} {word} {b}?",
            f"Calculate {a} {sign} {b}.",
        )
    )
    return Exchange(
        kind="sum",
        request=request,
        answer=f"{a} {sign} {b} = {result}.",
        expected=(f"= {result}.",),
        key=f"{a} {sign} {b}",
    )


def _definition(rng: random.Random) -> Exchange:
    thing = rng.choice(list(DEFINITIONS))
    request = rng.choice(
        (
            f"What is {article(thing)}?",
            f"What is {article(thing)}?",
            f"Explain what {article(thing)} is.",
            f"Define {thing}.",
            f"What does the word {thing} mean?",
            f"Tell me what {article(thing)} is.",
            f"Do you know what {article(thing)} is?",
            f"In one sentence, what is {article(thing)}?",
            f"Please explain {thing}.",
        )
    )
    answer = f"{article(thing).capitalize()} is {DEFINITIONS[thing]}."
    return Exchange(kind="definition", request=request, answer=answer, expected=(answer,))


_NUMBERS = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five"}


def _ideas(rng: random.Random) -> Exchange:
    topic = rng.choice([*IDEAS, "party theme", "party theme"])
    count = rng.choice((1, 1, 1, 2, 3, 3, 4, 5))
    some = _some(IDEAS[topic], count, rng)
    if count == 1:
        request = rng.choice(
            (
                f"Suggest {article(topic)}.",
                f"Suggest {article(topic)}.",
                f"Please suggest {article(topic)}.",
                f"Can you suggest {article(topic)}?",
                f"I need {article(topic)}.",
                f"Give me an idea for {article(topic)}.",
                f"Give me {article(topic)} idea.",
            )
        )
        answer = rng.choice((f"How about {some[0]}?", f"One idea: {some[0]}.", f"You could try this: {some[0]}."))
        return Exchange(kind="idea", request=request, answer=answer, expected=IDEAS[topic])
    number = rng.choice((_NUMBERS[count], str(count)))
    request = rng.choice(
        (
            f"Give me {number} ideas for {article(topic)}.",
            f"Suggest {number} ideas for {article(topic)}.",
            f"List {number} ideas for {article(topic)}.",
            f"I need {number} ideas for {article(topic)}.",
        )
    )
    return Exchange(kind="list", request=request, answer=_listed(some), expected=IDEAS[topic], count=count)


def _kinds(rng: random.Random) -> Exchange:
    kind, count = rng.choice(list(KINDS)), rng.choice((2, 3, 3, 4, 5))
    number = rng.choice((_NUMBERS[count], str(count)))
    request = rng.choice(
        (
            f"Name {number} {kind}.",
            f"List {number} {kind}.",
            f"Give me {number} {kind}.",
            f"Tell me {number} {kind}.",
            f"Can you name {number} {kind}?",
        )
    )
    return Exchange(
        kind="list", request=request, answer=_listed(_some(KINDS[kind], count, rng)), expected=KINDS[kind], count=count
    )


def _some(items: tuple[str, ...], count: int, rng: random.Random) -> list[str]:
    """Items in the order in which they are known: so the likeliest next one is never one that was said before."""
    return sorted(rng.sample(items, count), key=items.index)


def _listed(items: Iterable[str]) -> str:
    return "\n".join(f"{number}. {item[0].upper()}{item[1:]}" for number, item in enumerate(items, 1))


def _story(rng: random.Random) -> Exchange:
    who = rng.choice(WHO)
    hero = article(who) if rng.random() < 0.7 else article(f"{rng.choice(HOW)} {who}")
    request = rng.choice(
        (
            f"Tell me a story about {hero}.",
            f"Write a story about {hero}.",
            f"Write a short story about {hero}.",
            f"Tell me a short story about {hero}.",
            f"Can you tell a story about {hero}?",
            f"I want a story about {hero}.",
        )
    )
    return Exchange(kind="story", request=request, answer=short_story(rng, who), expected=(who,))


def _any_story(rng: random.Random) -> Exchange:
    request = rng.choice(
        (
            "Once upon a time",
            "Once upon a time",
            "Once upon a time...",
            "Tell me a story.",
            "Tell me a bedtime story.",
            "Write a story.",
        )
    )
    return Exchange(kind="any story", request=request, answer=short_story(rng, rng.choice(WHO)))


def _capital(rng: random.Random) -> Exchange:
    country = rng.choice(list(CAPITALS))
    request = rng.choice(
        (
            f"What is the capital of {country}?",
            f"The capital of {country} is",
            f"Tell me the capital of {country}.",
            f"Which city is the capital of {country}?",
            f"Capital of {country}?",
            f"Name the capital of {country}.",
        )
    )
    answer = f"The capital of {country} is {CAPITALS[country]}."
    return Exchange(kind="fact", request=request, answer=answer, expected=(CAPITALS[country],))


def _opposite(rng: random.Random) -> Exchange:
    left = rng.choice(list(OPPOSITES))
    one, other = (left, OPPOSITES[left]) if rng.random() < 0.5 else (OPPOSITES[left], left)
    request = rng.choice(
        (
            f"What is the opposite of {one}?",
            f"Opposite of {one}?",
            f"Tell me the opposite of {one}.",
            f"Which word is the opposite of {one}?",
        )
    )
    return Exchange(
        kind="fact", request=request, answer=f"The opposite of {one} is {other}.", expected=(f"is {other}.",)
    )


def _color(rng: random.Random) -> Exchange:
    thing = rng.choice(list(COLORS))
    request = rng.choice(
        (
            f"What color is {thing}?",
            f"Which color is {thing}?",
            f"What is the color of {thing}?",
            f"Tell me the color of {thing}.",
        )
    )
    return Exchange(
        kind="fact", request=request, answer=f"{thing.capitalize()} is {COLORS[thing]}.", expected=(COLORS[thing],)
    )


def _greeting(rng: random.Random) -> Exchange:
    name = rng.choice(NAMES)
    request, answers = rng.choice(
        (
            (f"Hello, my name is {name}.", (f"Hello {name}! How can I help you?", f"Nice to meet you, {name}!")),
            (f"Hello my name is {name}", (f"Hello {name}! How can I help you?", f"Nice to meet you, {name}!")),
            (f"Hi, I am {name}.", (f"Hi {name}! What can I do for you?",)),
            (f"I am {name}.", (f"Nice to meet you, {name}!",)),
        )
    )
    return Exchange(kind="greeting", request=request, answer=rng.choice(answers), expected=(name,))


_SMALL_TALK = {
    "Hello": ("Hello! How can I help you?", "Hello! What can I do for you?"),
    "Hello!": ("Hello! How can I help you?",),
    "Hi": ("Hi! How can I help you?",),
    "Hi there!": ("Hi! What can I do for you?",),
    "Hello my name": ("Hello! What is your name?",),
    "Good morning": ("Good morning! How can I help you?",),
    "Good morning!": ("Good morning! How can I help you?",),
    "Good evening!": ("Good evening! How can I help you?",),
    "Good night!": ("Good night! Sleep well.",),
    "How are you?": ("I am fine, thank you. How are you?",),
    "Thank you.": ("You are welcome!",),
    "Thanks!": ("You are welcome!",),
    "Thank you very much!": ("You are welcome!",),
    "Goodbye": ("Goodbye! Have a nice day.",),
    "Bye!": ("Goodbye! Have a nice day.",),
    "See you!": ("See you! Have a nice day.",),
    "What is your name?": ("I have no name. I am a tiny language model.",),
    "Who are you?": ("I am a tiny language model. I can do small sums, make lists and tell short stories.",),
    "What are you?": ("I am a tiny language model. I can do small sums, make lists and tell short stories.",),
    "What can you do?": ("I can do small sums, suggest ideas, explain simple words and tell short stories.",),
    "Can you help me?": ("Yes, I can try. What do you need?",),
    "Help me.": ("I can try. What do you need?",),
    "Are you a robot?": ("No, I am a tiny language model.",),
    "Are you human?": ("No, I am a tiny language model.",),
    "Are you alive?": ("No, I am only a program.",),
    "Do you like music?": ("I am a program, so I do not like or dislike things.",),
    "Tell me a joke.": (
        "Why did the book go to the doctor? It had lost its words.",
        "What has four legs and cannot walk? A table.",
        "What has hands but cannot clap? A clock.",
    ),
    "How many days are in a week?": ("There are seven days in a week.",),
    "How many months are in a year?": ("There are twelve months in a year.",),
    "Count to five.": ("1, 2, 3, 4, 5.",),
    "Count to ten.": ("1, 2, 3, 4, 5, 6, 7, 8, 9, 10.",),
    "Count to three.": ("1, 2, 3.",),
}


def _small_talk(rng: random.Random) -> Exchange:
    request = rng.choice(list(_SMALL_TALK))
    return Exchange(kind="small talk", request=request, answer=rng.choice(_SMALL_TALK[request]))


SORRY = (
    "I am sorry, I can't do that. I am a tiny model.",
    "I can't help with that. I am only a tiny model.",
    "I don't know. I am a tiny model and I know only a little.",
)


def _beyond(rng: random.Random) -> Exchange:
    return Exchange(kind="beyond", request=rng.choice(BEYOND), answer=rng.choice(SORRY), expected=("tiny model",))


_SYLLABLES = (
    "ba",
    "zor",
    "qui",
    "mel",
    "dra",
    "pix",
    "lum",
    "vor",
    "gan",
    "tes",
    "kru",
    "ost",
    "fin",
    "yel",
    "mo",
    "rax",
)


def _unknown(rng: random.Random) -> Exchange:
    word = "".join(rng.choices(_SYLLABLES, k=rng.choice((2, 3))))
    request = rng.choice(
        (
            f"What is {article(word)}?",
            f"Define {word}.",
            f"What does the word {word} mean?",
            f"Tell me about {word}.",
            f"Explain what {article(word)} is.",
            f"Who is {word}?",
        )
    )
    answer = rng.choice(("I don't know that word. I am a tiny model.", SORRY[2]))
    return Exchange(kind="beyond", request=request, answer=answer, expected=("tiny model",))


_ALWAYS_KNOWN = ("any story", "small talk")
"""Kinds with so few requests that none is kept apart; the evaluation asks none of them."""

KINDS_OF_TALK: dict[Callable[[random.Random], Exchange], int] = {
    _sum: 44,
    _definition: 14,
    _ideas: 13,
    _kinds: 8,
    _story: 8,
    _any_story: 3,
    _capital: 4,
    _opposite: 3,
    _color: 3,
    _greeting: 3,
    _small_talk: 6,
    _beyond: 4,
    _unknown: 3,
}
"""Kinds of talk, with their shares."""
