"""A small questionnaire that uses every kind of question and of rule, and the parts to write others."""

from survey.questionnaire.model import Words
from survey.questionnaire.plan import Dimension, Plan, PlanSection, Task, Unit


def said(text):
    return f'{{ zh = "{text}中", en = "{text}", ko = "{text}한" }}'


HEAD = f"""
id = "small"
version = "1"
title = {said("Title")}

[notices]
introduction = {said("Introduction")}
privacy = {said("Privacy")}
consent = {said("Consent")}
sensitive = {said("Sensitive")}
open_text = {said("Open text")}
screened_out = {said("Screened out")}
thanks = {said("Thanks")}

[[missing]]
code = -1
label = {said("Do not know")}
[[missing]]
code = -2
label = {said("Prefer not to say")}
[[missing]]
code = -3
label = {said("Not asked")}
[[missing]]
code = -4
label = {said("Left blank")}

[[scale]]
id = "satisfaction5"
direction = "satisfaction"
points = [
  {{ code = 1, label = {said("Very bad")} }},
  {{ code = 2, label = {said("Bad")} }},
  {{ code = 3, label = {said("Middle")} }},
  {{ code = 4, label = {said("Good")} }},
  {{ code = 5, label = {said("Very good")} }},
]
[[scale]]
id = "score0_10"
low = 0
high = 10
low_label = {said("Worst")}
high_label = {said("Best")}
"""


def options(*codes):
    return ", ".join(f"{{ code = {code}, label = {said(f'Option {code}')} }}" for code in codes)


def question(name, kind, lines=""):
    return f"""
[[section.question]]
id = "{name}"
kind = "{kind}"
text = {said(f"Question {name}")}
label = {said(f"Label {name}")}
{lines}
"""


def section(name, kind, *questions, lines=""):
    return f"""
[[section]]
id = "{name}"
kind = "{kind}"
title = {said(f"Section {name}")}
{lines}
{"".join(questions)}
"""


SMALL = HEAD + "".join(
    [
        section(
            "screening",
            "screening",
            question("adult", "single", f"missing = []\nends_if = [2]\noptions = [{options(1, 2)}]"),
            question("district", "single", f"missing = [-2]\nends_if = [9]\noptions = [{options(1, 2, 3, 9)}]"),
        ),
        section(
            "place",
            "background",
            question(
                "street",
                "single",
                f"""filter_by = "district"
optional = true
quasi_identifier = true
options = [
  {{ code = 101, label = {said("Street 101")}, when = [1] }},
  {{ code = 102, label = {said("Street 102")}, when = [1] }},
  {{ code = 201, label = {said("Street 201")}, when = [2] }},
]""",
            ),
            question("origin", "single", f"missing = [-2]\noptions = [{options(1, 2, 3)}]"),
        ),
        section(
            "safety",
            "aspect",
            question(
                "safe_crime", "five_point", 'scale = "satisfaction5"\ndimension = 6\ntasks = [9]\nunits = ["police"]'
            ),
            question("safe_road", "five_point", 'scale = "satisfaction5"'),
            question("overall", "score", 'scale = "score0_10"'),
            lines=f"aspect = {said('Safety')}",
        ),
        section(
            "belonging",
            "survey",
            question("belong", "five_point", 'scale = "satisfaction5"'),
            question(
                "places",
                "multiple",
                f"""most = 2
options = [
  {options(1, 2, 3)},
  {{ code = 96, label = {said("Elsewhere")}, write_in = true }},
  {{ code = 97, label = {said("None")}, exclusive = true }},
]""",
            ),
            lines='ask_if = [{ question = "origin", any_of = [2, 3] }]',
        ),
        section(
            "last",
            "open",
            question("why", "text", 'longest = 20\nask_if = [{ question = "places", any_of = [1, 97] }]'),
            question("years", "number", "low = 0\nhigh = 110"),
        ),
    ]
)


def words(text):
    return Words(f"{text}中", text, f"{text}한")


PLAN = Plan(
    dimensions=tuple(
        Dimension(number=n, name=words(f"Dimension {n}"), scope_zh="范围", units=("police",)) for n in range(1, 9)
    ),
    sections=(PlanSection(number="二", name=words("Two")),),
    units=(Unit(id="police", kind="bureau", name=words("Police")),),
    tasks=(Task(number=9, section="二", title=words("Nine"), units=("police",), dimension=6, dimension_fit="named"),),
)
