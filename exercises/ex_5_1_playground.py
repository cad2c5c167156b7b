# 5.1 An interactive playground (10 points)

import ipywidgets as widgets
from IPython.display import display, Markdown

# The playground needs the models and tokenizers of 4.1
try:
    tokenizers
    models
except NameError:
    raise RuntimeError("Please run the earlier setup cells that load the models before using the playground.")

def generate_playground(model_key, prompt, strategy="greedy", temperature=1.0, max_new_tokens=100):
    # Return the generated text; the temperature matters where tokens are drawn at random
    """
    YOUR CODE HERE
    """

# The UI: a prompt box, menus for model and strategy, sliders for temperature and length, a button,
# an output. Stack them with widgets.VBox and show them with display.
# How to: https://ipywidgets.readthedocs.io/en/stable/
"""
YOUR CODE HERE
"""
