"""What is sold, and what it is made of."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from manyworks.model.record import Id, MaterialId, NonNegative, Positive, ProductId, Record, Share


class Product(Record):
    """A sellable item. Quantities everywhere in the document count *sellable units* of it."""

    id: Id
    name: str = Field(description="Name as customers know it.")
    family: Id = Field(
        description="Product family. Products of a family share lines and materials and are sourced together: a market "
        "is supplied with the whole family from the same sites in the same proportions."
    )
    price: Positive = Field(
        description="Price received per unit, delivered, before tax, in currency of the price year."
    )
    mass_kg: Positive = Field(description="Gross mass of one unit with its packaging.")
    volume_l: Positive = Field(description="Outer volume of one unit with its packaging, litres.")
    units_per_pallet: Positive = Field(description="Units on a full pallet.")
    shelf_life_days: Positive | None = Field(None, description="Days from making to end of life; none: does not spoil.")
    minimum_remaining_life_days: NonNegative = Field(
        0, description="Days of life that customers must still get at receipt."
    )
    allergens: list[Id] = Field([], description="Allergens it contains, as words: peanut, milk, gluten …")
    format: str = Field("", description="Pack format or size; lines change format between different words.")
    label: str = Field("", description="Label or print; lines change labels between different words.")
    duty_class: str = Field("", description="Customs class that duties refer to, for example an HS chapter.")
    limited_from: date | None = Field(None, description="First day a limited run may be shipped.")
    limited_until: date | None = Field(None, description="Last day a limited run may be sold; the rest is waste.")
    scrap_share: Share = Field(0.0, description="Share of units made that is scrapped at steady running.")


class Material(Record):
    """What products consume: ingredients, containers, packaging, water."""

    id: Id
    name: str
    unit: str = Field(description="Unit that prices and bills count: kg, each, l …")
    price_per_unit: NonNegative = Field(
        0,
        description="Price delivered to any site when no supply offer is stated; the local price of local material.",
    )
    is_local: bool = Field(False, description="Taken at the site itself (mains water): no freight.")
    treatment_per_unit: NonNegative = Field(0, description="Cost to make a local material fit for use, per unit.")
    discharge_per_unit: NonNegative = Field(0, description="Cost to discharge what is not used, per unit used.")
    mass_kg_per_unit: NonNegative = Field(0, description="Mass hauled per unit; 0: too light to matter.")
    volume_l_per_unit: NonNegative = Field(0, description="Volume hauled per unit, litres; empty containers cube out.")
    duty_class: str = Field("", description="Customs class of the material.")


class BillItem(Record):
    """One material of a product's bill of materials."""

    product: ProductId
    material: MaterialId
    quantity_per_unit: Positive = Field(description="Units of material per sellable unit, without waste.")
    waste_share: Share = Field(0.0, description="Share of the material that is lost in making.")
    alternative: str = Field(
        "",
        description="Items of a product with the same word here are alternatives (preform or empty bottle): each "
        "site uses the cheapest one delivered.",
    )


class Packaging(Record):
    """Extra packaging that a product needs when it travels far."""

    product: ProductId
    beyond_km: NonNegative = Field(description="Needed on lanes longer than this road distance.")
    cost_per_unit: NonNegative = Field(description="Cost per sellable unit.")
    mass_kg_per_unit: NonNegative = Field(0, description="Mass that it adds to one unit.")
