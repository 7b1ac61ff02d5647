"""Invented people: names as they are heard in the district, places of work that do not exist."""

from dataclasses import dataclass, replace
from random import Random
from typing import Literal

from cppcc_portal.demo.bodies import SECTORS, TOWNS, SectorSpec

Sex = Literal["male", "female"]

# Phones of members run from 19900000001; above this serial a person has none.
LAST_MEMBER_PHONE = 7999
# Phones of office staff, unit clerks and leaders: their serials start after this one.
FIRST_STAFF_PHONE = 8000
# Larger rosters hold chance namesakes, as large districts do.
FEW_ENOUGH_FOR_OWN_NAMES = 1000


@dataclass(frozen=True, slots=True)
class PersonWords:
    """A person without a seat: staff of the office, a unit's clerk or leader."""

    name: str
    sex: Sex
    birth_year: int
    birth_month: int
    ethnic_group: str
    party: str
    education: str
    workplace: str
    post: str
    phone: str


@dataclass(frozen=True, slots=True)
class MemberWords:
    """A member of the current term. Sector, committee and town by their short names in `bodies`."""

    number: str
    name: str
    sex: Sex
    birth_year: int
    birth_month: int
    ethnic_group: str
    party: str
    education: str
    workplace: str
    post: str
    phone: str
    email: str
    address: str
    sector: str
    committee: str
    town: str
    is_standing: bool


# Frequencies (per mille, roughly) of the lower Yangtze's north bank.
_SURNAMES: dict[str, int] = {
    "陆": 62, "施": 58, "沈": 55, "黄": 52, "顾": 50, "张": 48, "陈": 46, "朱": 42, "徐": 38,
    "王": 36, "倪": 30, "姜": 28, "季": 26, "杨": 26, "郁": 22, "袁": 22, "蔡": 22, "龚": 20,
    "俞": 20, "汤": 20, "茅": 18, "范": 18, "宋": 16, "李": 16, "周": 16, "吴": 16, "包": 14,
    "钱": 14, "江": 13, "成": 12, "潘": 12, "樊": 12, "曹": 11, "丁": 11, "夏": 10, "陶": 10,
    "邱": 10, "孙": 10, "严": 9, "秦": 9, "赵": 9, "唐": 9, "薛": 8, "彭": 8, "卫": 8,
    "瞿": 8, "浦": 7, "郭": 7, "许": 7, "何": 7, "吕": 6, "高": 6, "林": 6, "胡": 6,
    "冯": 6, "洪": 6, "祁": 5, "仇": 5, "羌": 4, "须": 4, "印": 4, "邢": 4, "杭": 4,
    "易": 4, "梅": 4, "戚": 4, "卞": 4, "缪": 4, "凌": 4, "费": 3, "蒋": 3, "葛": 3,
    "殷": 3, "卢": 3, "盛": 3, "翟": 2, "欧阳": 3, "司徒": 1, "诸葛": 1, "上官": 1,
}  # fmt: skip

# Given names by sex and by when they were fashionable: born to 1969, to 1984, later.
_GIVEN: dict[tuple[Sex, int], tuple[str, ...]] = {
    ("male", 0): (
        "国祥", "志泉", "永兴", "汉清", "锦荣", "炳生", "汉平", "建新", "圣兴", "品章", "士元",
        "祖培", "学礼", "金达", "进兴", "惠泉", "松林", "裕昌", "广才", "汝明", "克勤", "耀祖",
        "正康", "伯明", "守仁", "志冲", "根发", "卫忠", "向荣", "汉章", "友良", "保元",
    ),
    ("male", 1): (
        "建峰", "卫东", "剑锋", "卫兵", "志新", "春雷", "利锋", "卫星", "海兵", "春华", "宏飞",
        "卫华", "昌华", "凯华", "红兵", "永辉", "建忠", "亚军", "冬林", "海宇", "海健", "伟忠",
        "钧", "炯", "东升", "灿华", "丰", "利忠", "翔宇", "迎春", "志华", "春晖",
    ),
    ("male", 2): (
        "宇航", "晨阳", "嘉言", "思远", "佳伟", "煜", "珩", "博闻", "梓豪", "翊", "子健",
        "佳俊", "天佑", "逸飞", "泽宇", "晨宇", "立文", "锴", "鹏飞", "润泽", "一帆", "承泽",
        "启帆", "柏霖", "志远", "宇晨", "佳杰", "云帆", "海桐", "思齐", "逸晨", "天宇",
    ),
    ("female", 0): (
        "玉珍", "秀珍", "桂芳", "惠芬", "美华", "月琴", "惠英", "雪琴", "菊芳", "素珍", "凤英",
        "慧珠", "锦芳", "佩芬", "瑞芳", "惠贞", "琴芳", "蕴华", "巧云", "莉华", "文娟", "银凤",
    ),
    ("female", 1): (
        "海萍", "晓琴", "春燕", "丽娟", "亚萍", "红梅", "雪萍", "玲玲", "卫芳", "莉莉", "蔚",
        "海蓉", "文华", "小芳", "卫红", "建芳", "春霞", "丽霞", "旭芳", "海慧", "晓燕", "志红",
        "瑾", "燕萍", "艳红", "冬梅", "亚琴", "海英", "璟", "培红",
    ),
    ("female", 2): (
        "佳怡", "雨欣", "思雨", "梦婷", "雅雯", "若曦", "诗涵", "欣怡", "钰", "璐瑶", "晨曦",
        "佳慧", "依琳", "紫薇", "婉清", "雯静", "可欣", "玥", "舒雅", "沁怡", "语桐", "倩雯",
        "芷兰", "书瑶", "心怡", "沐晴", "静怡", "予晴", "祎", "安琪",
    ),
}  # fmt: skip

# Names as people of other groups write them; one of them comes with each roster.
_OTHER_GROUPS: tuple[tuple[str, Sex, str], ...] = (
    ("古丽米热·阿不都拉", "female", "维吾尔族"),
    ("扎西顿珠", "male", "藏族"),
    ("韦彩云", "female", "壮族"),
    ("马文俊", "male", "回族"),
    ("龙阿秀", "female", "苗族"),
    ("金成哲", "male", "朝鲜族"),
    ("包乌兰其其格", "female", "蒙古族"),
)

# Three uncommon characters and a trade: firms that nobody has registered, one hopes.
_FIRM_HEADS = (
    "沙禾润", "江棉纺", "海笠川", "潮禾源", "圩上春", "芦港新", "苇岸达", "棉坊汇", "禾汐润",
    "通圩泰", "垦丰源", "埭上华", "汐川达", "润埭新", "沙垦兴", "江苇恒",
)  # fmt: skip
_TRADES = (
    "家纺", "纺织科技", "建设工程", "机械制造", "电子科技", "生物科技", "新材料", "智能装备",
    "医疗器械", "物流", "食品", "环保科技",
)  # fmt: skip
_FIRM_POSTS = ("董事长", "总经理", "副总经理", "执行董事", "财务总监", "技术总监")
_SCHOOL_POSTS = ("校长", "副校长", "教师", "教导主任", "一级教师")
_NURSERY_POSTS = ("园长", "教师")
_HOSPITAL_POSTS = ("主任医师", "副主任医师", "院长", "副院长", "护士长", "主管药师")
_FARM_POSTS = ("负责人", "理事长", "农艺师")

# Where members of a sector work, and as what.
_WORK: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "文化艺术界": (
        ("区文化馆", ("馆员", "副馆长", "创作部主任")),
        ("区书画院", ("画师", "副院长")),
        ("沙地山歌剧团", ("演员", "团长", "编剧")),
        ("区博物馆", ("馆员", "副馆长")),
    ),
    "科学技术界": (
        ("区农业技术推广站", ("高级农艺师", "副站长")),
        ("区测绘中心", ("高级工程师", "工程师")),
        ("江苇新材料研究所", ("研究员", "副所长")),
        ("区水利设计室", ("高级工程师", "副主任")),
    ),
    "科协": (
        ("区科技馆", ("馆长", "副馆长", "辅导员")),
        ("区科普服务中心", ("主任", "副主任", "工程师")),
    ),
    "社会科学界": (
        ("区社科普及中心", ("副主任", "助理研究员")),
        ("区地方志办公室", ("编辑", "副主任")),
        ("区档案馆", ("副馆长", "副研究馆员")),
    ),
    "教育界": (
        ("青禾小学", _SCHOOL_POSTS),
        ("望江小学", _SCHOOL_POSTS),
        ("新河初级中学", _SCHOOL_POSTS),
        ("江畔初级中学", _SCHOOL_POSTS),
        ("听潮中学", _SCHOOL_POSTS),
        ("育才里小学", _SCHOOL_POSTS),
        ("汇泽实验学校", _SCHOOL_POSTS),
        ("沙地职业学校", _SCHOOL_POSTS),
        ("锦帆幼儿园", _NURSERY_POSTS),
        ("晨光里幼儿园", _NURSERY_POSTS),
    ),
    "体育界": (
        ("区少年儿童体校", ("教练", "副校长")),
        ("区体育馆", ("馆长", "副馆长")),
        ("区游泳协会", ("会长", "秘书长")),
    ),
    "新闻出版界": (
        ("区融媒体中心", ("记者", "编辑", "主持人", "副主任")),
        ("江海拾贝编辑部", ("编辑", "副主编")),
    ),
    "医药卫生界": (
        ("区第八人民医院", _HOSPITAL_POSTS),
        ("区中西医结合医院", _HOSPITAL_POSTS),
        ("江畔康复医院", _HOSPITAL_POSTS),
        ("听潮护理院", ("院长", "护士长", "主治医师")),
        ("望江社区卫生服务中心", ("主任", "副主任医师", "全科医生")),
        ("新河社区卫生服务中心", ("主任", "全科医生", "护士长")),
    ),
    "环境资源界": (
        ("区环境监测站", ("站长", "副站长", "高级工程师")),
        ("区绿化管理所", ("副所长", "工程师")),
        ("区不动产服务中心", ("副主任", "工程师")),
        ("区水质检测中心", ("副主任", "高级工程师")),
    ),
    "社会福利和社会保障界": (
        ("区社会福利中心", ("主任", "副主任")),
        ("暖埭社会工作服务中心", ("总干事", "社会工作师")),
        ("安澜养老服务中心", ("院长", "护理部主任")),
    ),
    "少数民族界": (
        ("沙禾润家纺有限公司", ("车间主任", "技术员")),
        ("新河社区民族之家", ("站长",)),
        ("新河初级中学", ("教师",)),
    ),
    "宗教界": (
        ("区佛教协会", ("副会长", "理事")),
        ("区道教协会", ("副会长", "理事")),
        ("区基督教协会", ("副会长", "理事")),
    ),
    "农业界": (
        ("沙禾家庭农场", _FARM_POSTS),
        ("青圩蔬果合作社", _FARM_POSTS),
        ("芦荡水产合作社", _FARM_POSTS),
        ("圩田粮食合作社", _FARM_POSTS),
        ("羊语养殖合作社", _FARM_POSTS),
        ("江心香芋合作社", _FARM_POSTS),
        ("区农机服务站", ("站长", "工程师")),
        ("区畜牧兽医站", ("站长", "兽医师")),
    ),
    "总工会": (
        ("区职工服务中心", ("主任", "副主任")),
        ("区建筑工会联合会", ("主席", "副主席")),
        ("区家纺工会联合会", ("主席", "副主席")),
    ),
    "妇联": (
        ("区妇女儿童活动中心", ("主任", "副主任")),
        ("巧姐家纺合作社", ("负责人",)),
        ("区家庭教育指导中心", ("主任", "指导师")),
    ),
    "共青团和青联": (
        ("区青年创业中心", ("主任", "项目主管")),
        ("青埭设计工作室", ("创办人", "设计总监")),
        ("区青少年宫", ("副主任", "教师")),
    ),
    "台联": (("区台属联谊服务站", ("站长", "副站长")), ("江畔初级中学", ("教师",))),
    "侨联": (
        ("区侨商服务中心", ("主任", "副主任")),
        ("归燕咖啡庄园", ("负责人",)),
        ("汐川达电子科技有限公司", ("总经理",)),
    ),
    "特别邀请人士": (
        ("区法律援助中心", ("主任", "律师")),
        ("沙地律师事务所", ("律师", "主任")),
        ("区公证服务中心", ("主任", "公证员")),
    ),
    "中共": (
        ("区机关事务服务中心", ("主任", "副主任", "科长")),
        ("区政务服务中心", ("主任", "副主任", "四级调研员")),
        ("区水利工程管理所", ("所长", "副所长")),
        ("区公路事业发展中心", ("主任", "副主任")),
        ("区农村产权交易中心", ("主任", "副主任")),
        ("区规划编制中心", ("主任", "总工程师")),
    ),
}
_PARTY_OF_SECTOR = {
    "中共": "中共党员",
    "民革": "民革",
    "民盟": "民盟",
    "民建": "民建",
    "民进": "民进",
    "农工党": "农工党",
    "致公党": "致公党",
    "九三学社": "九三学社",
    "无党派人士": "无党派人士",
    "宗教界": "群众",
}
# Members of the party sectors work in the fields from which their parties come.
_FIELD_OF_PARTY_SECTOR = {
    "民盟": "教育界",
    "民进": "教育界",
    "农工党": "医药卫生界",
    "九三学社": "科学技术界",
    "民革": "特别邀请人士",
    "致公党": "侨联",
}


def roster(rng: Random, count: int = 320) -> list[MemberWords]:
    """The members of the term, sector by sector, with two of the same name among them."""
    people = [_member(rng, at, sector) for at, sector in enumerate(_seats(count))]
    if count <= FEW_ENOUGH_FOR_OWN_NAMES:
        _part_names(rng, people)
    _give_rare_names(people)
    if count >= 100:
        _give_same_name(people)
    return people


def colleague(rng: Random, serial: int, *, workplace: str, post: str) -> PersonWords:
    """Somebody of the office or of a unit; `serial` from 1 gives the phone, 0 none."""
    sex: Sex = "female" if rng.random() < 0.42 else "male"
    year = rng.randint(1966, 1998)
    return PersonWords(
        name=invent_name(rng, sex, year),
        sex=sex,
        birth_year=year,
        birth_month=rng.randint(1, 12),
        ethnic_group="汉族",
        party=rng.choice(("中共党员", "中共党员", "中共党员", "群众")),
        education=_education(rng, year),
        workplace=workplace,
        post=post,
        phone=phone(FIRST_STAFF_PHONE + serial) if 0 < serial < 1000 else "",
    )


def invent_name(rng: Random, sex: Sex, birth_year: int) -> str:
    """A name as parents of that year gave it."""
    era = 0 if birth_year < 1970 else 1 if birth_year < 1985 else 2
    surname = rng.choices(_SURNAME_LIST, _SURNAME_WEIGHTS)[0]
    given = rng.choice(_GIVEN[sex, era])
    return surname + given


def phone(serial: int) -> str:
    """A number no network has given out: 1990000 and four digits; empty past the last one."""
    return f"1990000{serial:04d}" if 0 < serial <= 9999 else ""


_SURNAME_LIST = list(_SURNAMES)
_SURNAME_WEIGHTS = list(_SURNAMES.values())


def _seats(count: int) -> list[SectorSpec]:
    """A sector for each seat, in the proportion of the sectors' seats."""
    total = sum(sector.seats for sector in SECTORS)
    seats: list[SectorSpec] = []
    given = 0
    for sector in SECTORS:
        given += sector.seats
        seats.extend([sector] * (round(count * given / total) - len(seats)))
    return seats


def _member(rng: Random, at: int, sector: SectorSpec) -> MemberWords:
    women = {"妇联": 1.0, "教育界": 0.5, "医药卫生界": 0.5}.get(sector.short_name, 0.3)
    sex: Sex = "female" if rng.random() < women else "male"
    youngest = 1998 if sector.short_name != "共青团和青联" else 1999
    oldest = 1955 if sector.short_name != "共青团和青联" else 1982
    year = min(1998, int(rng.triangular(oldest, youngest, 1975 if oldest == 1955 else 1990)))
    town = rng.choice(TOWNS)
    workplace, post = _work(rng, sector.short_name)
    number = at + 1
    return MemberWords(
        number=f"15{number:05d}",
        name=invent_name(rng, sex, year),
        sex=sex,
        birth_year=year,
        birth_month=rng.randint(1, 12),
        ethnic_group="汉族",
        party=_party(rng, sector.short_name),
        education=_education(rng, year),
        workplace=workplace,
        post=post,
        phone=phone(number) if number <= LAST_MEMBER_PHONE else "",
        email=f"member{number:05d}@example.org" if rng.random() < 0.6 else "",
        address=f"{town.name}{rng.choice(town.localities)}{rng.randint(1, 38)}号",
        sector=sector.short_name,
        committee=sector.committee,
        town=town.name,
        is_standing=rng.random() < 0.16,
    )


def _work(rng: Random, sector: str) -> tuple[str, str]:
    field = _FIELD_OF_PARTY_SECTOR.get(sector, sector)
    elsewhere = field != sector and rng.random() < 0.25
    if field in _WORK and not elsewhere:
        place, posts = rng.choice(_WORK[field])
        return place, rng.choice(posts)
    return rng.choice(_FIRM_HEADS) + rng.choice(_TRADES) + "有限公司", rng.choice(_FIRM_POSTS)


def _party(rng: Random, sector: str) -> str:
    if sector in _PARTY_OF_SECTOR:
        return _PARTY_OF_SECTOR[sector]
    return rng.choices(
        ("中共党员", "群众", "无党派人士", "民建", "民盟", "九三学社"), (34, 40, 16, 4, 3, 3)
    )[0]


def _education(rng: Random, year: int) -> str:
    levels = ("高中", "大专", "大学本科", "硕士研究生", "博士研究生")
    weights = (14, 38, 38, 9, 1) if year < 1970 else (3, 20, 55, 19, 3)
    return rng.choices(levels, weights)[0]


def _part_names(rng: Random, people: list[MemberWords]) -> None:
    """A name of one's own for everybody; the two who share one are chosen, not left to chance."""
    known: set[str] = set()
    for at, person in enumerate(people):
        name = person.name
        while name in known:
            name = invent_name(rng, person.sex, person.birth_year)
        known.add(name)
        people[at] = replace(person, name=name)


def _give_rare_names(people: list[MemberWords]) -> None:
    """Long and rare names, at fixed places so that every roster shows them."""
    minority_seats = [at for at, person in enumerate(people) if person.sector == "少数民族界"]
    for at, (name, sex, group) in zip(minority_seats, _OTHER_GROUPS, strict=False):
        people[at] = replace(people[at], name=name, sex=sex, ethnic_group=group)
    # In other sectors, the rest of them, a compound surname and a character few fonts have.
    others: list[tuple[str, Sex, str]] = [
        ("欧阳静姝", "female", "汉族"),
        ("司徒怀远", "male", "汉族"),
        ("诸葛春晖", "male", "汉族"),
        ("陆犇", "male", "汉族"),
        ("施彧喆", "male", "汉族"),
        *_OTHER_GROUPS[3:],
    ]
    step = max(1, len(people) // (len(others) + 1))
    taken = set(minority_seats)
    for n, (name, sex, group) in enumerate(others, start=1):
        at = n * step
        if at < len(people) and at not in taken and people[at].sector not in ("妇联", "宗教界"):
            people[at] = replace(people[at], name=name, sex=sex, ethnic_group=group)


def _give_same_name(people: list[MemberWords]) -> None:
    """Two members of one name in different sectors; the office tells them apart by number."""
    first = next(at for at, person in enumerate(people) if person.sector == "经济界")
    second = next(
        at
        for at, person in enumerate(people)
        if person.sector == "农业界" and person.sex == people[first].sex
    )
    people[second] = replace(people[second], name=people[first].name)
