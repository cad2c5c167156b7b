# accept: a Combobox for the model, an Accordion in a Tab, a German button, the text is appended to an Output

import ipywidgets as widgets
from IPython.display import display, Markdown

try:
    tokenizers
    models
except NameError:
    raise RuntimeError("Please run the earlier setup cells that load the models before using the playground.")
STRATEGIES = {"Gierig (greedy)": "greedy", "Top-k": "top_k", "Top-p": "top_p"}

def generate_playground(model_key, prompt, strategy="greedy", temperature=1.0, max_new_tokens=100):
    tok, mdl = tokenizers[model_key], models[model_key]
    if getattr(tok, "chat_template", None):
        messages = [{"role": "system", "content": "Du bist hilfreich."}, {"role": "user", "content": prompt}]
        inputs = tok.apply_chat_template(messages, tokenize=True, add_generation_prompt=True, return_tensors="pt", return_dict=True)
    else:
        inputs = tok(prompt, return_tensors="pt")
    options = {"do_sample": strategy != "greedy"}
    if options["do_sample"]:
        options["temperature"] = temperature
        options["top_k" if strategy == "top_k" else "top_p"] = 50 if strategy == "top_k" else 0.9
    ids = mdl.generate(**inputs, max_new_tokens=max_new_tokens, pad_token_id=tok.eos_token_id, **options)
    return tok.decode(ids[0], skip_special_tokens=True)

eingabe = widgets.Text(description="Eingabe")
modell = widgets.Combobox(options=list(models), value="gpt2", description="Modell", ensure_option=True)
strategie = widgets.RadioButtons(options=STRATEGIES, description="Strategie")
waerme = widgets.SelectionSlider(options=[0.1, 0.2, 0.5, 1.0, 1.5, 2.0], value=1.0, description="Temperatur")
laenge = widgets.BoundedIntText(value=80, min=1, max=400, description="Neue Tokens")
loeschen = widgets.Button(description="Löschen")
knopf = widgets.Button(description="Erzeugen")
ausgabe = widgets.Output()

@knopf.on_click
def _(b):
    ausgabe.append_stdout(generate_playground(modell.value, eingabe.value, strategie.value, waerme.value, laenge.value) + "\n")

def leeren(b):
    ausgabe.outputs = ()
loeschen.on_click(leeren)

fein = widgets.Accordion(children=[widgets.VBox([strategie, waerme, laenge])], titles=("Feinheiten",))
widgets.Tab(children=[widgets.VBox([eingabe, modell, fein, widgets.HBox([loeschen, knopf]), ausgabe])], titles=("Spielplatz",))
