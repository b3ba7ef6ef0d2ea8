"""Which column a header fills."""

from __future__ import annotations

import pytest

from tests.support import ProjectUnderTest


@pytest.mark.parametrize(
    ("platform", "header"),
    [
        ("meta", "Tag;Kampagnenname;Anzeigengruppenname;Anzeigenname;Impressionen;Link-Klicks;Ausgegebener Betrag (EUR);Reichweite"),
        ("meta", "Jour;Nom de la campagne;Nom de l'ensemble de publicités;Nom de la publicité;Impressions;Clics sur un lien;Montant dépensé (EUR);Couverture"),
        ("meta", "Día;Nombre de la campaña;Nombre del conjunto de anuncios;Nombre del anuncio;Impresiones;Clics en el enlace;Importe gastado (EUR);Alcance"),
        ("meta", "JOUR;NOM DE LA CAMPAGNE;Nom de l’ensemble de publicites;Nom de la publicité;impressions;Clics sur un lien;Montant dÃ©pensÃ© (EUR);Couverture"),
        ("linkedin", "Startdatum (in UTC);Name der Kampagnengruppe;Kampagnenname;Anzeigenname;Impressionen;Klicks;Gesamtausgaben (EUR);Reichweite"),
        ("linkedin", "Date de début (en UTC);Nom du groupe de campagnes;Nom de la campagne;Nom de la publicité;Impressions;Clics;Total dépensé (EUR);Portée"),
        ("linkedin", "Fecha de inicio (en UTC);Nombre del grupo de campañas;Nombre de la campaña;Nombre del anuncio;Impresiones;Clics;Total gastado (EUR);Alcance"),
    ],
)  # fmt: skip
def test_localised_headers_fill_the_core_columns(project: ProjectUnderTest, platform: str, header: str) -> None:
    names = project.add("acme", platform, 2024)
    plan = project.plan(f"{header}\n31.03.2024;c;s;a;1.000;7;3,50;900\n", 1, names)
    filled = {row.target_column: row for row in plan.columns if row.mapping_rule in ("core", "constant")}
    assert set(filled) == {
        "date_start", "campaign_name", "ad_set_name", "ad_name", "impressions", "clicks", "amount_spent", "reach", "currency",
        "level",
    }  # fmt: skip
    assert filled["currency"].default_value == "EUR"
    assert filled["impressions"].control_sum == 1000
    assert plan.missing_columns == []


def test_headers_of_an_interface_are_those_of_the_exports(acme: ProjectUnderTest) -> None:
    text = "date_start,campaign_name,adset_name,impressions,clicks,spend\n2024-03-01,c,s,100,1,2.50\n"
    plan = acme.load(acme.write("a.csv", text), 1).plan
    assert plan
    assert plan.missing_columns == []
