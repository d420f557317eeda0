"""How many hours a line can work, and how many people a post takes."""

from __future__ import annotations

from manyworks.model.calendar import Calendar
from manyworks.model.network import Network
from manyworks.model.site import SiteTemplate
from manyworks.units import DAYS_PER_WEEK, HOURS_PER_DAY, QUARTERS_PER_YEAR

STANDARD = Calendar(id="standard", name="Two shifts of eight hours, five days a week")
"""Hours of a document that states no calendar."""


def open_hours(calendar: Calendar, quarters: float = 1) -> float:
    """Staffed hours of one line in so many quarters, overtime left out.

    shifts × hours (24 a day at most) × days a week × weeks a year × quarters / 4. Maintenance and holidays are what
    ``weeks_per_year`` leaves out.
    """
    a_day = min(calendar.shifts_per_day * calendar.hours_per_shift, HOURS_PER_DAY)
    return a_day * calendar.days_per_week * calendar.weeks_per_year * quarters / QUARTERS_PER_YEAR


def overtime_hours(calendar: Calendar, quarters: float = 1) -> float:
    """Most further hours of one line in so many quarters; never more than the clock has in the weeks worked."""
    whole = HOURS_PER_DAY * DAYS_PER_WEEK * calendar.weeks_per_year * quarters / QUARTERS_PER_YEAR
    regular = open_hours(calendar, quarters)
    return max(min(calendar.overtime_share * regular, whole - regular), 0.0)


def workers_per_post(calendar: Calendar) -> float:
    """Full-time workers that keep one post staffed through the open hours (holidays, leave and absence covered)."""
    return open_hours(calendar, QUARTERS_PER_YEAR) / calendar.paid_hours_per_worker_year


def template_calendar(network: Network, template: SiteTemplate) -> Calendar:
    """Calendar of a template: its own, else the policy's, else the only one of the document, else ``STANDARD``."""
    chosen = template.calendar or network.policy.default_calendar
    if chosen is not None:
        calendar: Calendar = network.get("calendars", chosen)
        return calendar
    return network.calendars[0] if len(network.calendars) == 1 else STANDARD
