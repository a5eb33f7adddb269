"""Words that English writes with a capital, for a corpus that was lower-cased.

The corpus has no case left to count, so this is a list and not a model. A word is listed only if it is a
name nearly every time: `march`, `may`, `mark`, `bill`, `will`, `pat`, `sue`, `rose` and the like are not.
"""

from typing import Final

DAYS_AND_MONTHS: Final = """
monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays
saturdays sundays january february april june july august september october november december christmas
easter halloween thanksgiving
"""

PEOPLES_AND_LANGUAGES: Final = """
african american americans arabic asian australian australians austrian brazilian british canadian
canadians chinese christian dutch egyptian english englishman englishmen european europeans french
frenchman german germans greek greeks indian indians irish italian italians japanese korean latin
mexican portuguese roman russian russians scottish spanish swahili swedish swiss thai turkish
vietnamese
"""

PLACES: Final = """
africa akasaka alaska america amsterdam aomori arctic asia atlantic australia austria beijing berlin biwa
boston brazil britain bulgaria california canada chicago china columbus cuba denmark detroit egypt england
europe fiji florida france fuji fukui fukuoka geneva germany ginza greece hakata harajuku harvard hawaii
himeji hiroshima hokkaido honolulu hyogo ibaragi iceland india indonesia iran iraq ireland israel italy
japan kamakura kanazawa kanda kansai kanto karuizawa kobe korea kushiro kyoto kyushu liverpool london
madrid manhattan matsue mediterranean mexico mie milan moscow nagano nagasaki nagoya nara narita niigata
nikko nile oakland obihiro okinawa ooita osaka oxford pacific paris pakistan peru philippines
poland portugal riviera rome russia sado sapporo sasayama scotland seattle sendai shanghai shibuya shikoku
shinano shinjuku shizuoka singapore spain sweden switzerland sydney taiwan thailand tibet tokyo towada
tsurugidake ueno vienna vietnam wales washington yale yokohama zambia
"""

NAMES: Final = """
adam akemi akiko akina akira alex alice allen amy anderson andrew andy ann anna anne anthony asao
atsushi barbara beethoven ben bennett beth betty billy bob brian brooke carl carol carter catherine cathy
cephas charles chopin chris churchill cindy columbo cathleen colcott curtis dan daniel dave david debbie
diana dick dickens donald dorothy ed edison edward einstein ellen elizabeth emi emily emma estella fred
freddy fujimori fumio george ginny hamlet hanako haruki harry hashimoto helen hemingway henry hideo hiromi
hirayama hisashi honda ichiro isao ishikawa ito jackson jane jacob james jeff jenny jill jim jimmy jiro joan
joe john johnnie johnny johnson jones jordan judy julia kakuzen kaoru karen kate kathy kato kazuko keiko
kenji kennedy kenchan kenny kent kevin kiki kimura kumi kumiko laura laurie lennon linda lincoln louis lucy
lucifera madonna mac maria mary masako masao masaru mashuu mayuko mayumi mcdonald meg mick midori miho mika
mike ming mirano misako mozart nancy naoko naomi newton nicole nikon nobuyuki nora obama oka paul paula
patricia peter phil picasso pochi richard robert robinson roger roy ryoko sachiko sadako sam sanda sasaki
sato schubert shakespeare simon smith soseki spencer spielberg stella steve susan susie suzuki tadashi
takahashi takakura takeshi takuya tanaka tani taniguchi taro thomas thompson tim tom tommy tony toshio
totoro toyota tsubasa wakahata yamada yamamoto yamanaka yatarou yoko yoshida yoshio yukiko yumi yumiko yuri
ken bach bible buddha disney kleenex mozart oedipus stevenson styx francois françois olympics obon tottori
"""

ACRONYMS: Final = {
    "tv": "TV", "tvs": "TVs", "cd": "CD", "cds": "CDs", "ufo": "UFO", "ufos": "UFOs", "usa": "USA", "uk": "UK",
    "dj": "DJ", "ntt": "NTT", "nasa": "NASA", "sos": "SOS", "abc": "ABC", "u.s.": "U.S.", "u.k.": "U.K.",
    "u.s.a.": "U.S.A.", "p.m.": "p.m.", "a.m.": "a.m.", "o.k.": "O.K.", "ok": "OK", "ph.d.": "Ph.D.",
    "ibm": "IBM", "jr": "JR", "pta": "PTA", "pc": "PC", "dvd": "DVD", "un": "UN", "god": "God",
    "mr": "Mr.", "mrs": "Mrs.", "ms": "Ms.", "dr": "Dr.", "mr.": "Mr.", "mrs.": "Mrs.", "ms.": "Ms.",
    "dr.": "Dr.", "st.": "St.", "mt.": "Mt.", "mt": "Mt.", "mcdonald": "McDonald", "i": "I",
}  # fmt: skip

PHRASES: Final = {
    "new york": "New York", "new zealand": "New Zealand", "hong kong": "Hong Kong", "los angeles": "Los Angeles",
    "san francisco": "San Francisco", "united states": "United States", "united nations": "United Nations",
    "soviet union": "Soviet Union", "white house": "White House", "middle east": "Middle East",
    "lake biwa": "Lake Biwa",
    "pearl harbor": "Pearl Harbor", "mother teresa": "Mother Teresa", "tokyo tower": "Tokyo Tower",
    "tokyo station": "Tokyo Station", "gone with the wind": "Gone with the Wind", "snow country": "Snow Country",
    "mount fuji": "Mount Fuji", "great britain": "Great Britain", "south america": "South America",
    "north america": "North America", "world war ii": "World War II", "new year": "New Year",
    "santa claus": "Santa Claus",
    "central park": "Central Park", "eiffel tower": "Eiffel Tower", "osaka castle": "Osaka Castle",
    "himeji castle": "Himeji Castle", "lake towada": "Lake Towada", "ming vase": "Ming vase", "in may": "in May",
    "last may": "last May", "of may": "of May", "of march": "of March", "in march": "in March", "mr brown": "Mr. Brown",
    "mrs brown": "Mrs. Brown", "mr white": "Mr. White", "mr green": "Mr. Green", "mr bell": "Mr. Bell",
    "miss green": "Miss Green", "miss smith": "Miss Smith", "uncle tom": "Uncle Tom", "aunt mary": "Aunt Mary",
    "hello kitty": "Hello Kitty", "ping pong": "ping pong", "band-aid": "Band-Aid", "uncle bob": "Uncle Bob",
}  # fmt: skip

TITLES: Final = frozenset({"Mr.", "Mrs.", "Ms.", "Dr.", "Miss", "Professor"})

AMBIGUOUS_NAMES: Final = frozenset({"bill", "jack"})

DETERMINERS: Final = frozenset(
    {"the", "a", "my", "your", "his", "her", "our", "their", "this", "that", "dollar", "phone"}
)

PROPER: Final = frozenset(
    word for block in (DAYS_AND_MONTHS, PEOPLES_AND_LANGUAGES, PLACES, NAMES) for word in block.split()
)
