"""The rules that the reader applies: what a document must be before anybody can judge what it says."""

from __future__ import annotations

from manyworks.model.checks.registry import Rule, Severity, declare_rule


def _rule(id: str, title: str, explanation: str, cure: str, *, is_warning: bool = False) -> Rule:
    severity: Severity = "warning" if is_warning else "error"
    return declare_rule(id, severity, title=title, explanation=explanation, cure=cure, noun="document")


FILE_MISSING = _rule(
    "file-missing",
    "A file that the document needs is there",
    "The document itself, and every table that it takes from a file, must exist and be readable.",
    "Create the file, or correct its name.",
)
FILE_OUTSIDE = _rule(
    "file-outside",
    "Tables lie in the folder of the document",
    "A document is a folder that can be copied and sent as it is, so it reads nothing from elsewhere.",
    "Move the file into the folder and write its name alone.",
)
FILE_UNUSED = _rule(
    "file-unused",
    "A table beside the document is used by it",
    "A CSV file with the name of a collection that network.yaml does not mention is not read, which is easily missed.",
    "Refer to it with `from:` under the collection's name, or rename it.",
    is_warning=True,
)
FILE_KIND = _rule(
    "file-kind",
    "The file is of a kind that can be read",
    "A document is a folder with network.yaml, a .yaml file, a .json file or an .xlsx workbook.",
    "Save it as one of these.",
)
FILE_ENCODING = _rule(
    "file-encoding",
    "Text files are UTF-8",
    "Names of places have letters that other encodings write differently; guessing would change them silently.",
    "Save the file as UTF-8 (in Excel: CSV UTF-8).",
)
FILE_SIZE = _rule(
    "file-size",
    "The file is not larger than any document could be",
    "Very large or deeply packed files would exhaust the memory of the computer before they could be judged.",
    "Split off what does not belong to the document.",
)
YAML_SYNTAX = _rule(
    "yaml-syntax",
    "YAML files are well-formed",
    "The file could not be read any further from this place on.",
    "Correct the indentation, quote or bracket at or just before this place.",
)
YAML_DUPLICATE_KEY = _rule(
    "yaml-duplicate-key",
    "A key occurs once",
    "Of two equal keys one would win silently.",
    "Remove one of the two.",
)
YAML_TAG = _rule(
    "yaml-tag",
    "YAML files hold plain data",
    "Tags such as !include or !!python change what a value means from outside the document.",
    "Remove the tag and write the value itself.",
)
YAML_SIZE = _rule(
    "yaml-size",
    "YAML nests and repeats within reason",
    "Records are flat, so deep nesting is a mistake; aliases that multiply would fill the memory.",
    "Write the rows out, or put them into a CSV file.",
)
JSON_SYNTAX = _rule(
    "json-syntax",
    "JSON files are well-formed",
    "The file could not be read any further from this place on.",
    "Correct the comma, quote or bracket at or just before this place.",
)
WORKBOOK_UNREADABLE = _rule(
    "workbook-unreadable",
    "The workbook can be opened",
    "The file is damaged, protected by a password, or no workbook.",
    "Open it in a spreadsheet program and save it as .xlsx without a password.",
)
CSV_SYNTAX = _rule(
    "csv-syntax",
    "CSV files are well-formed",
    "A quote that is opened and not closed swallows the rows after it.",
    "Close the quote, or double every quote that belongs to the text.",
)
CSV_RAGGED = _rule(
    "csv-ragged",
    "Every row has as many cells as the header",
    "A missing or surplus comma moves values into the wrong columns.",
    "Add or remove commas, and put texts that hold a comma in double quotes.",
)
CSV_HEADER = _rule(
    "csv-header",
    "The header names every column once",
    "Values are found by the name of their column.",
    "Give every column the name of one field.",
)
CSV_DELIMITER = _rule(
    "csv-delimiter",
    "Cells are separated by commas",
    "Semicolons and tabs separate the entries of a list, or nothing.",
    "Save the file with commas between cells and a point in numbers.",
)
VERSION_UNKNOWN = _rule(
    "version-unknown",
    "The document's version is known to this program",
    "A document written for a later version may say things that this one would misunderstand.",
    "Install a newer manyworks, or save the document for this version.",
)
COLLECTION_UNKNOWN = _rule(
    "collection-unknown",
    "Every part of the document has a known name",
    "A misspelt name would leave a whole table out of the plan.",
    "Use one of the names in the reference of the document.",
)
COLLECTION_TYPE = _rule(
    "collection-type",
    "A collection is a list of rows or refers to a file",
    "Each row is one record with named fields.",
    "Write a list of rows (each starting with `- `), or `from: NAME.csv`.",
)
FIELD_UNKNOWN = _rule(
    "field-unknown",
    "Every field has a known name",
    "A misspelt field would silently take its default.",
    "Use one of the names in the reference of the record.",
)
FIELD_MISSING = _rule(
    "field-missing",
    "Required fields are stated",
    "There is no default that would be right for everybody.",
    "State it.",
)
VALUE_TYPE = _rule(
    "value-type",
    "A value is of the field's kind",
    "Numbers, dates, words and lists are not guessed from one another.",
    "Write a value of that kind.",
)
VALUE_NUMBER_FORMAT = _rule(
    "value-number-format",
    "Numbers are plain",
    "A comma means thousands in some countries and decimals in others; units and signs belong to the field's name.",
    "Write the number alone, with a point for decimals and nothing between thousands.",
)
VALUE_RANGE = _rule(
    "value-range",
    "A value lies in the range of its field",
    "Values outside cannot occur, and usually come from a wrong sign or unit.",
    "Correct the value; mind the unit in the field's name.",
)
VALUE_TEXT = _rule(
    "value-text",
    "Texts hold no control characters",
    "Invisible characters cannot be kept alike in YAML, CSV and workbooks.",
    "Remove the invisible character.",
)
ID_PATTERN = _rule(
    "id-pattern",
    "Ids are plain lower-case words",
    "Ids become file names, addresses of messages and anchors of pages.",
    "Use up to 41 letters a-z, digits and underscores, a letter first; put the full text into `name`.",
)
TEXT_PATTERN = _rule(
    "text-pattern",
    "Codes have their standard form",
    "Countries, currencies and periods are looked up by their code.",
    "Write the code in its standard form.",
)
WORD_UNKNOWN = _rule(
    "word-unknown",
    "A word is one of the words that the field allows",
    "Each of these words switches a different behaviour on.",
    "Use one of the allowed words.",
)
VALUE_WRONG = _rule(
    "value-wrong",
    "A value is possible",
    "The value contradicts the declaration of its field.",
    "Correct the value.",
)
