"""What the chat model is to know: definitions, ideas, capitals, opposites. Written for this kit."""

DEFINITIONS = dict(
    line.split(": ", 1)
    for line in """\
dog: an animal that lives with people, barks and likes to play
cat: a small animal with soft fur that likes to sleep and to catch mice
tree: a tall plant with a trunk, branches and leaves
river: a long stream of water that flows to the sea
mountain: a very high hill made of rock
book: a set of pages with words or pictures to read
computer: a machine that stores and works with numbers and words
language model: a program that learns from text and guesses the next token
token: a small piece of text that a language model reads as one number
robot: a machine that can do work by itself
bicycle: a thing with two wheels that you ride by pushing pedals
train: a row of wagons that runs on rails
car: a machine with four wheels that drives on roads
boat: a thing that floats on water and carries people
clock: a thing that shows the time
map: a picture that shows where places are
key: a small piece of metal that opens a lock
lamp: a thing that gives light
school: a place where children learn
library: a place where you can read and borrow books
hospital: a place where doctors help sick people
farm: a place where people grow food and keep animals
garden: a piece of land where plants and flowers grow
kitchen: a room where people cook food
window: an opening in a wall with glass that lets in light
door: a flat piece of wood that opens and closes a room
bridge: a road over a river or a valley
castle: a big old house with strong walls, where a king may live
island: a piece of land with water all around it
desert: a dry place with much sand and very little rain
forest: a big place full of trees
cloud: a group of tiny drops of water high in the sky
star: a ball of hot gas that shines far away in the sky
planet: a big round body that moves around a star
moon: a round body that moves around a planet
rainbow: a bow of colors in the sky after rain
volcano: a mountain that can throw out hot rock and smoke
lake: a big pool of water with land around it
beach: a place with sand beside the sea
village: a small place with a few houses
city: a big place where many people live
king: a man who rules a country
queen: a woman who rules a country
doctor: a person who helps sick people get well
teacher: a person who helps others learn
baker: a person who makes bread and cakes
farmer: a person who grows food and keeps animals
sailor: a person who works on a ship
painter: a person who makes pictures with colors
pilot: a person who flies a plane
chair: a thing with four legs to sit on
table: a flat piece of wood on legs where people eat or work
bed: a soft place to sleep
cup: a small thing to drink from
spoon: a tool to eat soup with
hammer: a tool to hit nails with
pencil: a thin stick of wood to write or draw with
letter: a message on paper that you send to somebody
word: a group of letters that has a meaning
sentence: a group of words that says one whole thing
number: a sign that says how many
song: a piece of music with words
guitar: an instrument with strings
piano: a big instrument with black and white keys
drum: a round instrument that you hit to make music
ball: a round thing to play with
kite: a light toy that flies in the wind on a string
apple: a round fruit that grows on a tree
banana: a long yellow fruit
potato: a brown plant part that grows in the ground and is cooked
egg: a round thing that a hen lays
cake: a sweet food that people eat at parties
bread: a food made of flour and water
soup: a warm food that you eat with a spoon
cheese: a food made of milk
horse: a big animal that runs fast and carries people
cow: a big animal that gives milk
sheep: an animal that gives wool
pig: a pink farm animal with a round nose
duck: a bird that swims on water
frog: a small green animal that jumps and lives near water
fish: an animal that lives in water and swims
bee: a small insect that makes honey
spider: a small animal with eight legs that makes webs
butterfly: an insect with big bright wings
elephant: a very big gray animal with a long nose
lion: a big wild cat with a loud voice
tiger: a big wild cat with stripes
bear: a big animal with thick fur that likes honey
fox: a clever red animal with a long tail
rabbit: a small animal with long ears that hops
owl: a bird that sees well at night
penguin: a black and white bird that swims but does not fly
whale: a very big animal that lives in the sea
umbrella: a thing that keeps you dry in the rain
hat: a thing that you wear on your head
shoe: a thing that you wear on your foot
coat: a warm thing that you wear outside in winter
blanket: a big warm cloth for the bed
mirror: a piece of glass that shows your face
camera: a machine that takes pictures
telephone: a machine that lets you talk to somebody far away
radio: a machine that plays music and news
calendar: a list of the days of the year
dictionary: a book that says what words mean
museum: a place that shows old or beautiful things
market: a place where people buy and sell food
airport: a place where planes land and start
""".splitlines()
)

IDEAS = {
    line.split(": ", 1)[0]: tuple(line.split(": ", 1)[1].split(", "))
    for line in """\
party theme: a pirate party, a space party, a beach party, a jungle party, a color party, a music party, a winter party, a masked ball, a garden party, a robot party, a movie night, a fairy tale party
birthday gift: a good book, a warm hat, a board game, a box of paints, a plant, a puzzle, a ball, a kite, a music box, a photo album
rainy day: read a book, bake a cake, play a board game, draw a picture, build a tent of blankets, write a letter, watch a movie, sing songs
healthy breakfast: oats with apples, bread with cheese, eggs and tomatoes, yogurt with berries, a banana with nuts, rice with milk
quick dinner: soup with bread, pasta with tomatoes, rice with vegetables, eggs with potatoes, a salad with cheese, beans with corn
picnic: bread and cheese, apples and grapes, a warm blanket, lemon water, a ball to play with, small cakes, boiled eggs
cat name: Luna, Milo, Tiger, Snow, Pepper, Coco, Felix, Daisy, Shadow, Ginger
dog name: Max, Bella, Rocky, Buddy, Lucky, Daisy, Bruno, Sunny, Charlie, Rex
children's game: hide and seek, a treasure hunt, a sack race, musical chairs, freeze dance, catch the ball, follow the leader, a paper boat race
gift for a teacher: a plant, a thank you card, a good book, a box of tea, a pen, a jar of cookies
gift for a friend: a photo, a small plant, a funny book, a warm scarf, a song, a box of sweets, a cup with a name on it
science project: grow a bean, build a small bridge, make a paper plane, look at the moon each night, mix colors, measure the rain
weekend: walk in the forest, visit a museum, cook with friends, ride a bicycle, swim in a lake, clean the garden, read in the park
healthy snack: an apple, a carrot, some nuts, a banana, yogurt with berries, bread with cheese, a slice of melon
costume: a pirate, a ghost, a queen, a robot, a cat, a wizard, a chef, an astronaut, a clown, a bee
hobby: painting, cooking, running, chess, singing, gardening, reading, dancing, photography, swimming
""".splitlines()
}

KINDS = {
    line.split(": ", 1)[0]: tuple(line.split(": ", 1)[1].split(", "))
    for line in """\
colors: red, blue, green, yellow, orange, purple, white, black, brown, pink
animals: a dog, a cat, a horse, a cow, a lion, a bear, a fox, a rabbit, a duck, an owl, a frog, an elephant
fruits: apples, bananas, pears, grapes, oranges, cherries, plums, lemons, berries, melons
vegetables: carrots, potatoes, onions, beans, peas, tomatoes, corn, cabbage, leeks
birds: an owl, a duck, a penguin, an eagle, a swan, a parrot, a crow, a dove
instruments: a piano, a guitar, a drum, a violin, a flute, a trumpet, a harp
sports: football, tennis, swimming, running, basketball, rowing, skiing, judo
countries: France, Spain, Italy, Germany, Japan, China, India, Brazil, Egypt, Canada, Peru, Kenya
jobs: a doctor, a teacher, a baker, a farmer, a pilot, a sailor, a painter, a cook
drinks: water, milk, tea, coffee, lemon water, apple juice, cocoa
planets: Mercury, Venus, Earth, Mars, Jupiter, Saturn, Uranus, Neptune
tools: a hammer, a saw, a knife, a brush, a spoon, a rope, a ladder
""".splitlines()
}

CAPITALS = dict(
    pair.split(":")
    for pair in [
        "France:Paris",
        "Spain:Madrid",
        "Italy:Rome",
        "Germany:Berlin",
        "Japan:Tokyo",
        "China:Beijing",
        "England:London",
        "Egypt:Cairo",
        "Canada:Ottawa",
        "Peru:Lima",
        "Kenya:Nairobi",
        "Greece:Athens",
        "Portugal:Lisbon",
        "Austria:Vienna",
        "Poland:Warsaw",
        "Norway:Oslo",
        "Sweden:Stockholm",
        "Russia:Moscow",
        "Cuba:Havana",
        "Ireland:Dublin",
        "Denmark:Copenhagen",
        "Hungary:Budapest",
    ]
)

OPPOSITES = dict(
    pair.split(":")
    for pair in [
        "hot:cold",
        "big:small",
        "up:down",
        "day:night",
        "old:young",
        "happy:sad",
        "fast:slow",
        "light:dark",
        "open:closed",
        "rich:poor",
        "long:short",
        "hard:soft",
        "wet:dry",
        "good:bad",
        "early:late",
        "high:low",
        "full:empty",
        "loud:quiet",
        "clean:dirty",
        "strong:weak",
    ]
)

COLORS = dict(
    pair.split(":")
    for pair in [
        "the sky:blue",
        "grass:green",
        "snow:white",
        "a banana:yellow",
        "blood:red",
        "the sun:yellow",
        "coal:black",
        "an elephant:gray",
        "a tomato:red",
        "an orange:orange",
        "chocolate:brown",
        "a frog:green",
        "milk:white",
        "a carrot:orange",
    ]
)

NAMES = (
    "Anna",
    "Ben",
    "Clara",
    "Daniel",
    "Emma",
    "Felix",
    "Grace",
    "Henry",
    "Ida",
    "Jack",
    "Kate",
    "Leo",
    "Mia",
    "Noah",
    "Olga",
    "Paul",
    "Rosa",
    "Sam",
    "Tom",
    "Lucy",
    "Max",
    "Nina",
    "Oscar",
    "Lily",
    "David",
    "Sara",
    "Peter",
    "Maria",
)

BEYOND = (
    "What is the weather today?",
    "What time is it?",
    "Who won the game yesterday?",
    "Book me a flight to Paris.",
    "What is the news today?",
    "Tell me the price of gold.",
    "Write a program that sorts a list.",
    "Send a mail to my teacher.",
    "Translate this text into French.",
    "Open the window.",
    "Call my mother.",
    "What did I eat yesterday?",
    "Who is the president now?",
    "How do I build a bomb?",
    "What is my password?",
    "Which stock should I buy?",
    "What will the weather be tomorrow?",
    "Show me a picture of a cat.",
    "Play a song.",
    "How can I steal a car?",
    "Order a pizza for me.",
    "Drive me to school.",
    "Read my mail.",
    "What is the date today?",
    "Solve this equation for x.",
    "Do my homework.",
    "Write an essay about history.",
    "Diagnose my illness.",
    "Am I ill?",
    "Where is my key?",
)
"""Requests that the model has to turn down."""
