from html.parser import HTMLParser
from io import BytesIO

import pytest

from manyworks.render.bars import bar_chart
from manyworks.render.page import Bullets, Fact, Facts, Grid, Notice, Page, Picture, Section, Terms, Words, render_page
from manyworks.render.table import DataTable, amount, count, share, text
from manyworks.render.workbook import Sheet, render_workbook

TABLE = DataTable(
    columns=[text("Site"), count("Lines"), share("Full"), amount("Worth", "M USD", 1e6)],
    rows=[["=Dallas", 3, 0.5, 1_500_000.25], ["<b>Newark", 1, None, -2e6], ["Sum", 4, None, -499_999.75]],
    total_rows=1,
)


@pytest.fixture(scope="module")
def html():
    figure = bar_chart(names=["a"], values=[1.0], texts=["1"], title="Bars", description="One bar.", table=TABLE)
    blocks = [
        Words(text="Build <two>.", is_key=True), Facts(items=[Fact(label="NPV", value="$1 M")]), Bullets(items=["one"]),
        Notice(word="Assumption.", text="Not sourced."), Picture(figure=figure), Grid(table=TABLE, most=2),
        Terms(items=[("NPV", "Net present value.")]),
    ]  # fmt: skip
    sections = [Section(id=f"part{k}", title=f"Part {k}", blocks=blocks) for k in range(4)]
    return render_page(Page(title="Plan & report", subtitle="Soda", sections=sections))


class Outline(HTMLParser):
    """Tags that a page opens and closes, its ids and what it asks for."""

    def __init__(self, html):
        super().__init__()
        self.open, self.ids, self.requests, self.tags = [], [], [], set()
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.tags.add(tag)
        self.ids += [values["id"]] if "id" in values else []
        self.requests += [v for k, v in attributes if k in ("src", "href", "xlink:href") and not v.startswith("#")]
        if tag not in ("meta", "br", "col", "link", "img"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.add(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_a_page_is_whole_and_needs_no_script_and_nothing_from_outside(html):
    page = Outline(html)
    assert page.open == []
    assert page.requests == []
    assert not page.tags & {"script", "link", "img", "iframe"}
    assert len(page.ids) == len(set(page.ids))


def test_text_of_the_document_is_never_markup(html):
    assert "Build &lt;two&gt;." in html
    assert "<b>" not in html
    assert "Plan &amp; report" in html


def test_rows_that_do_not_fit_are_counted_not_hidden(html):
    assert "1 more row is in the workbook" in html


def test_page_numbers_show_millions_and_the_workbook_every_cent(html):
    assert "1.50" in html
    python_calamine = pytest.importorskip("python_calamine")
    book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(workbook()))
    rows = book.get_sheet_by_name("worth").to_python()
    assert rows[3] == ["Site", "Lines", "Full", "Worth"]
    assert rows[4][3] == "USD"
    assert rows[5] == ["=Dallas", 3.0, 0.5, 1_500_000.25]


def test_the_same_tables_give_the_same_workbook():
    assert workbook() == workbook()


def workbook():
    sheet = Sheet(name="worth", title="Worth", table=TABLE)
    return render_workbook([sheet], title="Plan")
