"""Money over time and the rules of the house."""

from __future__ import annotations

from collections.abc import Iterator

from manyworks.model.checks.paths import did_you_mean, listed
from manyworks.model.checks.registry import Finding, rule
from manyworks.model.network import Network

_CODES = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF "
    "CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG "
    "HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA "
    "MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD "
    "RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX "
    "USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG"
)
CURRENCIES = frozenset(_CODES.split())
"""Codes of ISO 4217 that are legal tender."""


@rule(
    "unknown-currency",
    "warning",
    title="A currency is a code of ISO 4217",
    explanation="All money of a document is in one currency, which reports print with every amount.",
    cure="Write a code of ISO 4217, such as USD or EUR.",
    is_local=True,
)
def unknown_currency(network: Network) -> Iterator[Finding]:
    """A currency that ISO 4217 does not have."""
    code = network.finance.currency
    if code not in CURRENCIES:
        yield Finding(
            path="finance.currency",
            message="is no currency of ISO 4217",
            found=code,
            cure=did_you_mean(code, CURRENCIES),
        )


@rule(
    "price-year-odd",
    "warning",
    title="Prices should be those of about the start",
    explanation="All amounts are in the money of the price year. One that lies more than five years before the start, "
    "or after it, is mostly left over from another document.",
    cure="Write the year in whose money the amounts are.",
    is_local=True,
)
def odd_price_year(network: Network) -> Iterator[Finding]:
    """A price year far from the start of the horizon."""
    year, start = network.finance.price_year, network.finance.start.year
    if not start - 5 <= year <= start:
        yield Finding(
            path="finance.price_year", message=f"is usually in the five years before {start}", found=str(year)
        )


@rule(
    "rates-odd",
    "warning",
    title="Discount and tax rates should be usual ones",
    explanation="The discount rate is a real rate after tax, usually 3 to 20 % a year; tax on profit is usually "
    "between 5 and 45 %. Rates are shares: 0.08 is 8 %.",
    cure="Write 0.08 for 8 %, inflation taken off.",
    is_local=True,
)
def odd_rates(network: Network) -> Iterator[Finding]:
    """Discount and tax rates out of the usual."""
    finance = network.finance
    if finance.discount_rate != 0 and not 0.01 <= finance.discount_rate <= 0.3:
        yield Finding(
            path="finance.discount_rate", message="is usually 0.03 to 0.2 a year", found=f"{finance.discount_rate:g}"
        )
    if finance.tax_rate > 0.6:
        yield Finding(path="finance.tax_rate", message="is usually 0.05 to 0.45", found=f"{finance.tax_rate:g}")


@rule(
    "terminal-growth",
    "error",
    title="A terminal value must converge",
    explanation="When growth after the horizon is at least the discount rate, each further year is worth as much as "
    "the one before or more, and the value is decided by how many years are counted.",
    cure="Lower terminal_growth, or leave terminal_years empty.",
    is_local=True,
)
def endless_terminal_value(network: Network) -> Iterator[Finding]:
    """Terminal growth at or above the discount rate."""
    finance = network.finance
    if finance.terminal_years and finance.terminal_growth and finance.terminal_growth >= finance.discount_rate:
        yield Finding(
            path="finance.terminal_growth",
            message=f"must be below the discount rate of {finance.discount_rate:g}",
            found=f"{finance.terminal_growth:g}",
        )


@rule(
    "budget-order",
    "warning",
    title="A quarter's budget is a part of the whole",
    explanation="A quarter cannot spend more than the whole horizon, so the larger limit has no effect.",
    cure="Correct capex_budget_per_quarter or capex_budget.",
    is_local=True,
)
def budget_order(network: Network) -> Iterator[Finding]:
    """Quarterly budgets above the whole one."""
    policy = network.policy
    quarter, whole = policy.capex_budget_per_quarter, policy.capex_budget
    if quarter is not None and whole is not None and quarter > whole:
        yield Finding(
            path="policy.capex_budget_per_quarter",
            message=f"is above the whole budget of {whole:g}",
            found=f"{quarter:g}",
        )


@rule(
    "budget-too-small",
    "warning",
    title="The budget should buy something",
    explanation="When the cheapest template without its lines costs more than the budget, nothing new can be built.",
    cure="Raise capex_budget, or check that both are in units of the currency, not thousands.",
)
def small_budget(network: Network) -> Iterator[Finding]:
    """Budgets below the cheapest template."""
    whole, templates = network.policy.capex_budget, network.templates
    cheapest = min((row.capex * (1 - row.copy_saving_share) for row in templates), default=0.0)
    if whole is not None and templates and whole < cheapest:
        yield Finding(
            path="policy.capex_budget",
            message=f"is below the cheapest template ({cheapest:g})",
            found=f"{whole:g}",
        )


@rule(
    "too-few-sites",
    "error",
    title="The sites that stand and stay must be allowed",
    explanation="``maximum_sites`` limits the sites open at once. Existing sites that may not be closed count.",
    cure="Raise maximum_sites, or let a site be closed.",
)
def too_few_sites(network: Network) -> Iterator[Finding]:
    """Limits below the number of sites that stand and may not be closed."""
    most = network.policy.maximum_sites
    stay = [row.id for row in network.sites if row.status == "existing" and not row.is_closable]
    if most is not None and len(stay) > most:
        yield Finding(
            path="policy.maximum_sites",
            message=f"must allow for {listed(stay)}, which may not be closed",
            found=str(most),
        )


@rule(
    "site-share-too-small",
    "error",
    title="The allowed sites must be able to make everything",
    explanation="``maximum_site_share`` limits what one site may make of all volume; with too few sites the shares do "
    "not add up to one.",
    cure="Raise maximum_site_share, or allow more sites.",
)
def small_site_share(network: Network) -> Iterator[Finding]:
    """Shares that, times the number of sites, stay below one."""
    policy, places = network.policy, len(network.sites) + len(network.co_packers)
    count = places if policy.maximum_sites is None else min(policy.maximum_sites + len(network.co_packers), places)
    if network.sites and policy.maximum_site_share * count < 1 - 1e-9:
        yield Finding(
            path="policy.maximum_site_share",
            message=f"times {count} places is less than all volume",
            found=f"{policy.maximum_site_share:g}",
        )


@rule(
    "wheel-empty",
    "error",
    title="A wheel has a length",
    explanation="``wheel_days`` lists the lengths of the changeover wheel that plans choose from.",
    cure="List at least one length in days, for example 7; 14; 28.",
    is_local=True,
)
def empty_wheel(network: Network) -> Iterator[Finding]:
    """Policies without a wheel length."""
    if not network.policy.wheel_days:
        yield Finding(path="policy.wheel_days", message="must list at least one length", found="nothing")
