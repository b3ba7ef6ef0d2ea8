{# What the months are called, in full and short, in English, German, French, Spanish, Portuguese, Italian, Dutch, Polish, Swedish, Danish
   and Turkish, with and without accents. No name means two months in two of these languages. Source: the Unicode Common Locale Data
   Repository; a test compares them with the copy in Babel.
   Returns: mapping name (lower case, without a full stop) -> month ('01' to '12'), the longest names first, so that a pattern of them finds
     'september' before 'sep'.
   Example: {{ month_names() | join('|') }} #}
{% macro month_names() %}
  {% do return({
    'pazdziernika': '10', 'października': '10', 'pazdziernik': '10', 'październik': '10', 'septiembre': '09',
    'fevereiro': '02', 'september': '09', 'septembre': '09', 'setiembre': '09', 'settembre': '09', 'listopada': '11',
    'noviembre': '11', 'diciembre': '12', 'stycznia': '01', 'febbraio': '02', 'februari': '02', 'february': '02',
    'kwiecien': '04', 'kwiecień': '04', 'kwietnia': '04', 'czerwiec': '06', 'augustus': '08', 'sierpien': '08',
    'sierpień': '08', 'sierpnia': '08', 'setembro': '09', 'wrzesien': '09', 'wrzesień': '09', 'wrzesnia': '09',
    'września': '09', 'listopad': '11', 'november': '11', 'novembre': '11', 'novembro': '11', 'december': '12',
    'decembre': '12', 'dezember': '12', 'dezembro': '12', 'dicembre': '12', 'décembre': '12', 'grudzien': '12',
    'grudzień': '12', 'gennaio': '01', 'janeiro': '01', 'januari': '01', 'january': '01', 'janvier': '01',
    'styczen': '01', 'styczeń': '01', 'febrero': '02', 'februar': '02', 'fevrier': '02', 'février': '02',
    'czerwca': '06', 'haziran': '06', 'juillet': '07', 'agustos': '08', 'augusti': '08', 'ağustos': '08',
    'october': '10', 'octobre': '10', 'octubre': '10', 'oktober': '10', 'ottobre': '10', 'outubro': '10',
    'grudnia': '12', 'januar': '01', 'jänner': '01', 'lutego': '02', 'marzec': '03', 'aprile': '04', 'maggio': '05',
    'giugno': '06', 'lipiec': '07', 'luglio': '07', 'temmuz': '07', 'agosto': '08', 'august': '08', 'aralik': '12',
    'aralık': '12', 'enero': '01', 'subat': '02', 'şubat': '02', 'maart': '03', 'maerz': '03', 'marca': '03',
    'march': '03', 'marco': '03', 'marts': '03', 'marzo': '03', 'março': '03', 'abril': '04', 'april': '04',
    'avril': '04', 'nisan': '04', 'mayis': '05', 'mayıs': '05', 'junho': '06', 'junio': '06', 'julho': '07',
    'julio': '07', 'lipca': '07', 'eylul': '09', 'eylül': '09', 'kasim': '11', 'kasım': '11', 'janv': '01',
    'ocak': '01', 'fevr': '02', 'févr': '02', 'luty': '02', 'mars': '03', 'mart': '03', 'marz': '03', 'märz': '03',
    'maio': '05', 'maja': '05', 'mayo': '05', 'juin': '06', 'june': '06', 'juni': '06', 'juil': '07', 'juli': '07',
    'july': '07', 'aout': '08', 'août': '08', 'sept': '09', 'ekim': '10', 'ene': '01', 'gen': '01', 'jan': '01',
    'jän': '01', 'oca': '01', 'sty': '01', 'feb': '02', 'fev': '02', 'lut': '02', 'sub': '02', 'şub': '02',
    'mar': '03', 'mrt': '03', 'mrz': '03', 'mär': '03', 'abr': '04', 'apr': '04', 'avr': '04', 'kwi': '04',
    'nis': '04', 'mag': '05', 'mai': '05', 'maj': '05', 'may': '05', 'mei': '05', 'cze': '06', 'giu': '06',
    'haz': '06', 'jun': '06', 'jul': '07', 'lip': '07', 'lug': '07', 'tem': '07', 'ago': '08', 'agu': '08',
    'aug': '08', 'ağu': '08', 'sie': '08', 'eyl': '09', 'sep': '09', 'set': '09', 'wrz': '09', 'eki': '10',
    'oct': '10', 'okt': '10', 'ott': '10', 'out': '10', 'paz': '10', 'paź': '10', 'kas': '11', 'lis': '11',
    'nov': '11', 'ara': '12', 'dec': '12', 'dez': '12', 'dic': '12', 'déc': '12', 'gru': '12',
  }) %}
{% endmacro %}
