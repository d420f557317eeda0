"""Whether the document can price a rival at all."""

from __future__ import annotations

from manyworks.model.network import Network
from manyworks.model.site import Site, SiteTemplate
from manyworks.model.upgrades import lines_made_room_for, upgraded_lines
from manyworks.plan.case import CASES, CaseName


def absent_reason(network: Network, case: CaseName) -> str:
    """Why the document cannot price this case; empty when it can.

    A case that improves what stands needs an upgrade in the document, one that adds lines an existing site with room.
    A case of outside help needs some in the document, and something that stands: the help serves beside it.

    A case that builds needs a template of one of its scales and a place for it: a candidate site that allows the
    template, or an existing site of that template with room for another line.
    """
    scales = CASES[case].new_scales
    if not scales:
        return _unimproved(network, case)
    templates = [row for row in network.templates if row.scale in scales]
    if not templates:
        return f"no template has scale {' or '.join(sorted(scales))}"
    if not any(_has_room(network, site, template) for site in network.sites for template in templates):
        names = ", ".join(template.id for template in templates)
        return f"no site can take a template of scale {' or '.join(sorted(scales))} ({names})"
    return ""


def _unimproved(network: Network, case: CaseName) -> str:
    """Why what stands, and what this case may use beside it, is nothing to plan with."""
    freedom = CASES[case]
    if freedom.may_upgrade and not any(upgraded_lines(network, row) for row in network.upgrades if not row.is_done):
        return "the document names no upgrade of what stands"
    if freedom.may_add_lines and not _may_grow(network):
        return "no existing site has room for another line"
    if freedom.may_use_co_packers:
        return "" if network.co_packers else "the document names no co-packer"
    if freedom.may_use_warehouses and not network.warehouses:
        return "the document names no warehouse"
    return "" if _existing(network) else "there is no existing site: doing nothing means selling nothing"


def _may_grow(network: Network) -> bool:
    templates = {row.id: row for row in network.templates}
    return any(_has_room(network, site, templates[site.template]) for site in _existing(network) if site.template)


def _existing(network: Network) -> list[Site]:
    return [site for site in network.sites if site.status == "existing"]


def _has_room(network: Network, site: Site, template: SiteTemplate) -> bool:
    if site.status == "candidate":
        return not site.templates or template.id in site.templates
    installed = sum(row.count for row in network.installed_lines if row.site == site.id)
    return site.template == template.id and installed < template.maximum_lines + lines_made_room_for(network, site.id)
