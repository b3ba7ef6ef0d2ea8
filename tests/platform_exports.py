"""Exports in the form of each platform and language: the same figures as their downloads write them.

A new language or platform is rows in the seeds and an entry here; docs/platforms.md is generated from both.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

# campaign, day of September 2026, impressions, clicks, conversions, spend
Figures = tuple[str, int, int, int, int, Decimal]
# days that are months too
FIGURES: tuple[Figures, ...] = (
    ("{} Été, O'Neill | A", 3, 12345, 321, 3, Decimal("1234.56")),
    ("{} Été, O'Neill | A", 4, 678, 7, 1, Decimal("20.40")),
    ('{} "Brand"; B', 3, 9012, 45, 2, Decimal("999.99")),
    ('{} "Brand"; B', 4, 1500, 0, 0, Decimal("3000.00")),
)
AD_SET = "Set | 25-34"


@dataclass(frozen=True)
class PlatformExport:
    """How a platform's download in a language looks.

    Args:
        platform: as in client schemas.
        language: in two letters; 'api' for the columns of its API.
        columns: header and what stands under it, joined by '=': day, end, campaign, ad_set, currency, impressions,
            clicks, conversions, spend, or a text that stands in every row.
        day: how a day is written; {d} {m} {y} and {name} of the month.
        month: the name of September in that form.
        number: how 1234567.89 is written.
        currency: what stands in a currency column, or in the header of the spend.
        titles: lines above the header.
        total: the cell that names the totals row, or '' for a row with blank names; none for no totals row.
        total_is_first: whether it stands above the rows of data.
        footer: lines below.
        delimiter: between cells.
        encoding: of the file.
        money: how a sum is written: {} stands for the number.
        figures: what its rows hold.

    """

    platform: str
    language: str
    columns: tuple[str, ...]
    day: str = "{y}-{m:02}-{d:02}"
    month: str = "September"
    number: str = "1234567.89"
    currency: str = "EUR"
    titles: tuple[str, ...] = ()
    total: str | None = None
    total_is_first: bool = False
    footer: tuple[str, ...] = ()
    delimiter: str = ","
    encoding: str = "utf-8"
    money: str = "{}"
    figures: tuple[Figures, ...] = FIGURES

    @property
    def name(self) -> str:
        """What the cases are called."""
        return f"{self.platform} {self.language}"

    def content(self, month: int = 9) -> bytes:
        """The file; of another month only in a form without the month's name."""
        text = io.StringIO()
        for line in self.titles:
            text.write(line + "\n")
        writer = csv.writer(text, delimiter=self.delimiter, lineterminator="\n")
        writer.writerow(column.partition("=")[0] for column in self.columns)
        writer.writerows(self.rows(month))
        for line in self.footer:
            text.write(line + "\n")
        return text.getvalue().encode(self.encoding)

    def rows(self, month: int = 9) -> list[list[str]]:
        """The rows under the header, the total among them."""
        rows = [list(self._row(month, *figures)) for figures in self.figures]
        total = [] if self.total is None else [self.total_row(self.total)]
        return [*total, *rows] if self.total_is_first else [*rows, *total]

    def truth(self) -> list[tuple[object, ...]]:
        """The rows that the processed table must have."""
        return sorted(
            (f"2026-09-{day:02}", campaign.format(self.name), AD_SET, self.currency, impressions, clicks, conversions,
             spend)
            for campaign, day, impressions, clicks, conversions, spend in self.figures
        )  # fmt: skip

    def _row(
        self, month: int, campaign: str, day: int, impressions: int, clicks: int, conversions: int, spend: Decimal
    ) -> Iterator[str]:
        written = self.day.format(d=day, m=month, y=2026, name=self.month)
        cells = {
            "day": written,
            "end": written,
            "campaign": campaign.format(self.name),
            "ad_set": AD_SET,
            "currency": self.currency,
            "impressions": self.written(Decimal(impressions), 0),
            "clicks": self.written(Decimal(clicks), 0),
            "conversions": self.written(Decimal(conversions), 2 if self.platform == "googleads" else 0),
            "spend": self.money.format(self.written(spend, 2)),
            "micros": str(int(spend * 1_000_000)),
        }
        return (cells.get(what, what) for _, _, what in (column.partition("=") for column in self.columns))

    def total_row(self, name: str) -> list[str]:
        """The row that adds up the others, named in its first cell."""
        figures = list(zip(*self.figures, strict=True))
        spend = Decimal(sum(figures[5]))
        sums = {
            "impressions": self.written(Decimal(sum(figures[2])), 0),
            "clicks": self.written(Decimal(sum(figures[3])), 0),
            "conversions": self.written(Decimal(sum(figures[4])), 0),
            "spend": self.money.format(self.written(spend, 2)),
            "micros": str(int(spend * 1_000_000)),
        }
        blank = "--" if self.platform == "googleads" else ""
        kinds = (column.partition("=")[2] for column in self.columns)
        return [sums.get(what, blank if position else name) for position, what in enumerate(kinds)]

    def written(self, number: Decimal, digits: int) -> str:
        """A number as the export writes it."""
        mark = self.number[-3]
        between = "" if self.number[1].isdigit() else self.number[1]
        return f"{number:,.{digits}f}".replace(".", "\0").replace(",", between).replace("\0", mark)


def _meta(language: str, headers: str, **style: str | bool | tuple[str, ...]) -> PlatformExport:
    start, end, campaign, ad_set, delivery, results, indicator, spend, impressions, clicks, ctr = headers.split("|")
    columns = (
        f"{start}=day", f"{end}=end", f"{campaign}=campaign", f"{ad_set}=ad_set", f"{delivery}=active",
        f"{results}=conversions", f"{indicator}=actions:lead", f"{spend} (EUR)=spend", f"{impressions}=impressions",
        f"{clicks}=clicks", f"{ctr}=0.5",
    )  # fmt: skip
    return PlatformExport("meta", language, columns, total="", **style)  # type: ignore[arg-type]


def _google(language: str, headers: str, **style: str | bool | tuple[str, ...]) -> PlatformExport:
    day, campaign, ad_set, currency, impressions, clicks, cost, conversions = headers.split("|")
    columns = (
        f"{campaign}=campaign", f"{ad_set}=ad_set", f"{day}=day", f"{currency}=currency",
        f"{impressions}=impressions", f"{clicks}=clicks", f"{cost}=spend", f"{conversions}=conversions",
    )  # fmt: skip
    return PlatformExport("googleads", language, columns, **style)  # type: ignore[arg-type]


_POINTS, _SPACES, _COMMAS = "1.234.567,89", "1\u202f234\u202f567,89", "1,234,567.89"
_DOTS, _SLASHES = "{d:02}.{m:02}.{y}", "{d:02}/{m:02}/{y}"

PLATFORM_EXPORTS = (
    _meta("en", "Reporting starts|Reporting ends|Campaign name|Ad set name|Campaign delivery|Results|Result indicator"
          "|Amount spent|Impressions|Link clicks|CTR (link click-through rate)", total_is_first=True),
    _meta("de", "Berichtsbeginn|Berichtsende|Kampagnenname|Anzeigengruppenname|Auslieferung der Kampagne|Ergebnisse"
          "|Ergebnisindikator|Ausgegebener Betrag|Impressionen|Link-Klicks|CTR (Link-Klickrate)", number=_POINTS,
          delimiter=";", day=_DOTS),
    _meta("fr", "Début des rapports|Fin des rapports|Nom de la campagne|Nom de l’ensemble de publicités"
          "|Diffusion de la campagne|Résultats|Indicateur de résultats|Montant dépensé|Impressions|Clics sur un lien"
          "|CTR (taux de clics sur le lien)", number=_SPACES, day=_SLASHES, delimiter=";"),
    _meta("es", "Inicio del informe|Fin del informe|Nombre de la campaña|Nombre del conjunto de anuncios"
          "|Entrega de la campaña|Resultados|Indicador de resultado|Importe gastado|Impresiones|Clics en el enlace"
          "|CTR (porcentaje de clics en el enlace)"),
    _meta("pt", "Início dos relatórios|Término dos relatórios|Nome da campanha|Nome do conjunto de anúncios"
          "|Veiculação da campanha|Resultados|Indicador de resultados|Valor usado|Impressões|Cliques no link"
          "|CTR (taxa de cliques no link)", number=_POINTS),
    _meta("it", "Inizio dei report|Fine dei report|Nome della campagna|Nome del gruppo di inserzioni"
          "|Pubblicazione della campagna|Risultati|Indicatore di risultato|Importo speso|Impression|Clic sul link"
          "|CTR (percentuale di clic sul link)", number=_POINTS),
    _meta("nl", "Start rapportage|Einde rapportage|Campagnenaam|Naam advertentieset|Weergavestatus|Resultaten"
          "|Resultaattype|Besteed bedrag|Weergaven|Klikken op link|CTR (doorklikratio voor klikken op link)",
          day="{d:02}-{m:02}-{y}"),
    _meta("pl", "Początek raportowania|Koniec raportowania|Nazwa kampanii|Nazwa zestawu reklam|Wyświetlanie kampanii"
          "|Wyniki|Typ wyniku|Wydana kwota|Wyświetlenia|Kliknięcia linku|CTR (współczynnik kliknięć z linku)",
          number=_SPACES, day=_DOTS),
    _meta("sv", "Rapporteringsstart|Rapporteringsslut|Kampanjnamn|Annonsuppsättningens namn|Kampanjleverans|Resultat"
          "|Resultatindikator|Spenderat belopp|Exponeringar|Länkklick|CTR (länkklickfrekvens)", number=_SPACES),
    _meta("da", "Rapporteringsstart|Rapporteringsslut|Kampagnenavn|Annoncesættets navn|Kampagnelevering|Resultater"
          "|Resultatindikator|Brugt beløb|Eksponeringer|Klik på link|CTR (klikrate for link)", number=_POINTS,
          day=_DOTS),
    _meta("tr", "Rapor Başlangıcı|Rapor Sonu|Kampanya Adı|Reklam Seti Adı|Yayın Durumu|Sonuçlar|Sonuç Göstergesi"
          "|Harcanan Tutar|Gösterim|Bağlantı Tıklamaları|CTR (Bağlantı Tıklama Oranı)", number=_POINTS, day=_DOTS),
    _meta("ja", "レポート開始日|レポート終了日|キャンペーン名|広告セット名|広告配信|結果|結果タイプ|消化金額|インプレッション"
          "|リンクのクリック|CTR(リンククリックスルー率)", number=_COMMAS, day="{y}/{m:02}/{d:02}"),
    PlatformExport("meta", "api", ("date_start=day", "date_stop=end", "campaign_id=77", "campaign_name=campaign",
          "adset_name=ad_set", "account_currency=currency", "impressions=impressions", "clicks=9999",
          "inline_link_clicks=clicks", "spend=spend", "conversions=conversions")),
    _google("en", "Day|Campaign|Ad group|Currency code|Impr.|Clicks|Cost|Conversions", number=_COMMAS,
            titles=("Ad group report", '"September 1, 2026 - September 30, 2026"'), total="Total: Ad groups"),
    _google("de", "Tag|Kampagne|Anzeigengruppe|Währungscode|Impr.|Klicks|Kosten|Conversions", number=_POINTS, day=_DOTS,
            titles=("Anzeigengruppenbericht", "1. September 2026 - 30. September 2026"), total="Gesamt: Konto"),
    _google("fr", "Jour|Campagne|Groupe d'annonces|Code de la devise|Impr.|Clics|Coût|Conversions", number=_SPACES,
            day="{d} {name} {y}", month="sept.", titles=("Rapport", "1 septembre 2026 - 30 septembre 2026"),
            total="Total : compte"),
    _google("es", "Día|Campaña|Grupo de anuncios|Código de moneda|Impr.|Clics|Coste|Conversiones", number=_POINTS,
            day=_SLASHES, titles=("Informe", "1 de septiembre de 2026 - 30 de septiembre de 2026"),
            total="Total: Cuenta"),
    _google("pt", "Dia|Campanha|Grupo de anúncios|Código da moeda|Impr.|Cliques|Custo|Conversões", number=_POINTS,
            day="{d} de {name} de {y}", month="setembro", titles=("Relatório",), total="Total: conta"),
    _google("it", "Giorno|Campagna|Gruppo di annunci|Codice valuta|Impr.|Clic|Costo|Conversioni", number=_POINTS,
            day=_SLASHES, titles=("Rapporto", "1 settembre 2026 - 30 settembre 2026"), total="Totale: Account"),
    _google("nl", "Dag|Campagne|Advertentiegroep|Valutacode|Vertoningen|Klikken|Kosten|Conversies", number=_POINTS,
            day="{d} {name} {y}", month="sep", titles=("Rapport",), total="Totaal: account"),
    _google("pl", "Dzień|Kampania|Grupa reklam|Kod waluty|Wyśw.|Kliknięcia|Koszt|Konwersje", number=_SPACES,
            day="{d} {name} {y}", month="wrz", titles=("Raport", "1 września 2026 - 30 września 2026"),
            total="Łącznie: konto"),
    _google("sv", "Dag|Kampanj|Annonsgrupp|Valutakod|Visn.|Klick|Kostnad|Konverteringar", number=_SPACES,
            titles=("Rapport", "1 september 2026 - 30 september 2026"), total="Totalt: konto"),
    _google("da", "Dag|Kampagne|Annoncegruppe|Valutakode|Eksp.|Klik|Omkostninger|Konverteringer", number=_POINTS,
            day=_DOTS, titles=("Rapport", "1. september 2026 - 30. september 2026"), total="I alt: konto"),
    _google("tr", "Gün|Kampanya|Reklam grubu|Para birimi kodu|Göstr.|Tıklamalar|Maliyet|Dönüşümler", number=_POINTS,
            day="{d} {name} {y}", month="Eyl", titles=("Rapor", "1 Eylül 2026 - 30 Eylül 2026"), total="Toplam: Hesap"),
    _google("ja", "日|キャンペーン|広告グループ|通貨コード|表示回数|クリック数|費用|コンバージョン", number=_COMMAS,
            day="{y}年{m}月{d}日", titles=("レポート", "2026年9月1日 - 2026年9月30日"), total="合計: アカウント",
            encoding="utf-16"),
    PlatformExport("googleads", "api", ("segments.date=day", "campaign.id=77", "campaign.name=campaign", "ad_group.name=ad_set",
          "customer.currency_code=currency", "metrics.impressions=impressions", "metrics.clicks=clicks",
          "metrics.cost_micros=micros", "metrics.average_cpc=1500000", "metrics.conversions=conversions")),
    PlatformExport("linkedin", "en", ("Start Date (in UTC)=day", "Campaign Group Name=campaign", "Campaign Name=ad_set",
          "Currency=currency", "Total Spent=spend", "Impressions=impressions", "Clicks=clicks",
          "Conversions=conversions"), day="{m}/{d}/{y}", number=_COMMAS, delimiter="\t", encoding="utf-16",
          titles=("Campaign Performance Report (in UTC)", '"Report Start: September 1, 2026, 12:00 AM"',
                  '"Report End: September 30, 2026, 11:59 PM"', '"Date Generated: October 2, 2026, 9:14 AM"', "")),
    PlatformExport("linkedin", "de", ("Startdatum (in UTC)=day", "Name der Kampagnengruppe=campaign", "Kampagnenname=ad_set",
          "Währung=currency", "Gesamtausgaben=spend", "Impressionen=impressions", "Klicks=clicks",
          "Konversionen=conversions"), day=_DOTS, number=_POINTS, delimiter="\t", encoding="utf-16"),
    PlatformExport("linkedin", "fr", ("Date de début (en UTC)=day", "Nom du groupe de campagnes=campaign",
          "Nom de la campagne=ad_set", "Devise=currency", "Total dépensé=spend", "Impressions=impressions",
          "Clics=clicks", "Conversions=conversions"), day=_SLASHES, number=_SPACES, delimiter="\t", encoding="utf-16"),
    PlatformExport("linkedin", "es", ("Fecha de inicio (en UTC)=day", "Nombre del grupo de campañas=campaign",
          "Nombre de la campaña=ad_set", "Divisa=currency", "Total gastado=spend", "Impresiones=impressions",
          "Clics=clicks", "Conversiones=conversions"), day=_SLASHES, number=_POINTS, delimiter="\t",
          encoding="utf-16"),
    PlatformExport("linkedin", "api", ("day_date=day", "campaign_group_name=campaign", "campaign_name=ad_set",
          "currency=currency", "costInLocalCurrency=spend", "costInUsd=7.77", "impressions=impressions",
          "clicks=clicks", "externalWebsiteConversions=conversions")),
    PlatformExport("tiktok", "en", ("Campaign name=campaign", "Ad group name=ad_set", "By Day=day", "Currency=currency",
          "Cost=spend", "Impressions=impressions", "Clicks (destination)=clicks", "CTR (destination)=0.5%",
          "Conversions=conversions"), total="Total of 4 results"),
    PlatformExport("tiktok", "api", ("stat_time_day=day", "campaign_name=campaign", "adgroup_id=77", "adgroup_name=ad_set",
          "currency=currency", "spend=spend", "impressions=impressions", "clicks=clicks", "conversion=conversions"),
          day="{y}-{m:02}-{d:02} 00:00:00"),
    PlatformExport("amazon", "en", ("Date=day", "Portfolio name=Brand", "Currency=currency", "Campaign Name=campaign",
          "Ad Group Name=ad_set", "Impressions=impressions", "Clicks=clicks", "Click-Thru Rate (CTR)=0.5%",
          "Cost Per Click (CPC)=€0.50", "Spend=spend", "7 Day Total Sales=€10.00",
          "7 Day Total Orders (#)=conversions"), day="{name} {d:02}, {y}", month="Sep", number=_COMMAS, money="€{}"),
    PlatformExport("amazon", "it", ("Data=day", "Nome campagna=campaign", "Nome gruppo di annunci=ad_set", "Valuta=currency",
          "Impressioni=impressions", "Clic=clicks", "Spesa=spend", "Vendite totali (€) 7 giorni=10,00",
          "Totale ordini (#) 7 giorni=conversions"), day=_SLASHES, number=_POINTS, delimiter=";"),
    PlatformExport("amazon", "api", ("date=day", "campaignName=campaign", "adGroupName=ad_set",
          "campaignBudgetCurrencyCode=currency", "impressions=impressions", "clicks=clicks", "cost=spend",
          "sales7d=10.00", "purchases7d=conversions")),
    PlatformExport("apple", "en", ("Day=day", "App Name=Shoes", "Campaign Name=campaign", "Ad Group Name=ad_set",
          "Currency=currency", "Spend=spend", "Impressions=impressions", "Taps=clicks", "TTR=0.5%",
          "Installs (Tap-Through)=conversions", "Avg CPT=0.50")),
    PlatformExport("apple", "api", ("date=day", "campaignName=campaign", "adGroupName=ad_set", "localSpend.currency=currency",
          "localSpend.amount=spend", "impressions=impressions", "taps=clicks", "totalInstalls=conversions")),
    PlatformExport("microsoft", "en", ("Gregorian date=day", "Account name=Acme", "Account number=F1", "Campaign name=campaign",
          "Ad group=ad_set", "Currency code=currency", "Impressions=impressions", "Clicks=clicks", "Avg. CPC=0.50",
          "Spend=spend", "Conversions=conversions"), day="{m}/{d}/{y}", number=_COMMAS,
          titles=("Report Name: Ad group performance", "Report Time: 9/1/2026 - 9/30/2026", "Time Zone: UTC",
                  "Last Completed Available Day: 10/1/2026", "Rows: 4", ""),
          total="", footer=("", '"@2026 Microsoft Corporation. All rights reserved. "')),
    PlatformExport("microsoft", "api", ("TimePeriod=day", "CampaignName=campaign", "AdGroupName=ad_set",
          "CurrencyCode=currency", "Impressions=impressions", "Clicks=clicks", "AverageCpc=0.50", "Spend=spend",
          "Conversions=conversions")),
    PlatformExport("pinterest", "en", ("Date=day", "Campaign name=campaign", "Ad group name=ad_set", "Currency=currency",
          "Spend in account currency=spend", "Impressions=impressions", "Pin clicks=clicks", "Outbound clicks=3",
          "Saves=2", "Total conversions=conversions")),
    PlatformExport("pinterest", "api", ("DATE=day", "CAMPAIGN_NAME=campaign", "AD_GROUP_NAME=ad_set", "CURRENCY=currency",
          "SPEND_IN_MICRO_DOLLAR=micros", "PAID_IMPRESSION=impressions", "TOTAL_CLICKTHROUGH=clicks",
          "TOTAL_CONVERSIONS=conversions")),
    PlatformExport("reddit", "en", ("Date=day", "Campaign Name=campaign", "Ad Group Name=ad_set", "Impressions=impressions",
          "Amount Spent (EUR)=spend", "Clicks=clicks", "eCPM=1.50", "CTR=0.5%", "Total Conversions=conversions"),
          total="", total_is_first=True),
    PlatformExport("reddit", "api", ("date=day", "campaign_name=campaign", "ad_group_name=ad_set", "currency=currency",
          "impressions=impressions", "clicks=clicks", "spend=micros", "conversions=conversions")),
    PlatformExport("snapchat", "en", ("Start Time=day", "End Time=end", "Campaign Name=campaign", "Ad Set Name=ad_set",
          "Currency=currency", "Amount Spent=spend", "Paid Impressions=impressions", "Clicks=clicks",
          "Results=conversions", "eCPM=1.50")),
    PlatformExport("snapchat", "api", ("start_time=day", "campaign_name=campaign", "ad_squad_name=ad_set", "currency=currency",
          "impressions=impressions", "swipes=clicks", "spend=micros", "conversion_purchases=conversions"),
          day="{y}-{m:02}-{d:02}T00:00:00.000-07:00"),
    PlatformExport("twitter", "en", ("Time period=day", "Campaign name=campaign", "Ad Group name=ad_set", "Currency=currency",
          "Impressions=impressions", "Spend=spend", "Link clicks=clicks", "Clicks=9999", "Results=conversions",
          "Result type=Link clicks")),
    PlatformExport("twitter", "api", ("date=day", "campaign_name=campaign", "line_item_name=ad_set", "currency=currency",
          "impressions=impressions", "billed_charge_local_micro=micros", "url_clicks=clicks",
          "conversions=conversions")),
)  # fmt: skip
