"""The bodies of the demonstration district: committees, sectors, towns, handling units."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class CommitteeSpec:
    """A special committee or a working office of the district committee."""

    name: str
    short_name: str
    kind: Literal["committee", "office"]


@dataclass(frozen=True, slots=True)
class SectorSpec:
    """A sector of the term: the committee that leads it, the ways rosters write it, its seats of 320."""

    name: str
    short_name: str
    committee: str
    aliases: tuple[str, ...]
    seats: int


@dataclass(frozen=True, slots=True)
class TownSpec:
    """A town or street with its work committee and the villages or communities that texts name."""

    name: str
    committee_name: str
    urban: bool
    localities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnitSpec:
    """A handling unit; `itself` is how its letters call it (我局, 我委)."""

    name: str
    short_name: str
    side: Literal["party", "government", "other"]
    remit: str
    contact_name: str
    contact_phone: str
    itself: str


COMMITTEES: tuple[CommitteeSpec, ...] = (
    CommitteeSpec("提案委员会", "提案委", "committee"),
    CommitteeSpec("经济科技委员会", "经济科技委", "committee"),
    CommitteeSpec("人口资源环境和城乡建设委员会", "人资环城建委", "committee"),
    CommitteeSpec("教卫文体委员会", "教卫文体委", "committee"),
    CommitteeSpec("社会法制和民族宗教委员会", "社法民宗委", "committee"),
    CommitteeSpec("港澳台侨和外事委员会", "港澳台侨外事委", "committee"),
    CommitteeSpec("文化文史和学习委员会", "文史学习委", "committee"),
    CommitteeSpec("农业农村委员会", "农业农村委", "committee"),
    CommitteeSpec("委员工作委员会", "委员工作委", "committee"),
    CommitteeSpec("办公室", "办公室", "office"),
    CommitteeSpec("研究室", "研究室", "office"),
    CommitteeSpec("信息服务中心", "信息中心", "office"),
)

SECTORS: tuple[SectorSpec, ...] = (
    SectorSpec("中国共产党", "中共", "委员工作委", ("中共界", "中共界别"), 30),
    SectorSpec("中国国民党革命委员会", "民革", "社法民宗委", ("民革界", "民革总支"), 8),
    SectorSpec("中国民主同盟", "民盟", "教卫文体委", ("民盟界", "民盟总支"), 9),
    SectorSpec("中国民主建国会", "民建", "经济科技委", ("民建界", "民建总支"), 9),
    SectorSpec("中国民主促进会", "民进", "教卫文体委", ("民进界", "民进总支"), 9),
    SectorSpec("中国农工民主党", "农工党", "教卫文体委", ("农工", "农工党界", "农工民主党"), 8),
    SectorSpec("中国致公党", "致公党", "港澳台侨外事委", ("致公", "致公党界"), 6),
    SectorSpec("九三学社", "九三学社", "经济科技委", ("九三", "九三界", "九三学社界"), 8),
    SectorSpec("无党派人士", "无党派人士", "社法民宗委", ("无党派", "无党派界"), 10),
    SectorSpec(
        "共青团和青年联合会", "共青团和青联", "委员工作委", ("共青团", "青联", "共青团、青联"), 8
    ),
    SectorSpec("总工会", "总工会", "社法民宗委", ("工会", "工会界", "总工会界"), 8),
    SectorSpec("妇女联合会", "妇联", "社法民宗委", ("妇联界", "妇女界"), 9),
    SectorSpec("工商业联合会", "工商联", "经济科技委", ("工商联界", "工商界"), 22),
    SectorSpec("科学技术协会", "科协", "经济科技委", ("科协界",), 7),
    SectorSpec("台湾同胞联谊会", "台联", "港澳台侨外事委", ("台联界", "台属"), 4),
    SectorSpec("归国华侨联合会", "侨联", "港澳台侨外事委", ("侨联界", "侨界"), 7),
    SectorSpec("文化艺术界", "文化艺术界", "文史学习委", ("文艺界", "文艺", "文化艺术"), 10),
    SectorSpec("科学技术界", "科学技术界", "经济科技委", ("科技界", "科技", "科学技术"), 12),
    SectorSpec("社会科学界", "社会科学界", "文史学习委", ("社科界", "社科", "社会科学"), 6),
    SectorSpec("经济界", "经济界", "经济科技委", ("经济", "经济届"), 36),
    SectorSpec("农业界", "农业界", "农业农村委", ("农业", "农业农村界"), 20),
    SectorSpec("教育界", "教育界", "教卫文体委", ("教育", "教体界"), 18),
    SectorSpec("体育界", "体育界", "教卫文体委", ("体育",), 4),
    SectorSpec("新闻出版界", "新闻出版界", "文史学习委", ("新闻界", "新闻出版"), 5),
    SectorSpec("医药卫生界", "医药卫生界", "教卫文体委", ("医卫界", "医药卫生", "医卫"), 14),
    SectorSpec("环境资源界", "环境资源界", "人资环城建委", ("环资界", "环境资源"), 9),
    SectorSpec(
        "社会福利和社会保障界",
        "社会福利和社会保障界",
        "社法民宗委",
        ("社福界", "社会福利界", "社会福利和社会保障"),
        7,
    ),
    SectorSpec("少数民族界", "少数民族界", "社法民宗委", ("少数民族", "民族界"), 3),
    SectorSpec("宗教界", "宗教界", "社法民宗委", ("宗教",), 4),
    SectorSpec("特别邀请人士", "特别邀请人士", "委员工作委", ("特邀", "特邀界", "特邀人士"), 10),
)


def _town(name: str, urban: bool, *localities: str) -> TownSpec:
    return TownSpec(name, f"{name}政协工作委员会", urban, localities)


TOWNS: tuple[TownSpec, ...] = (
    _town("海门街道", True, "新河社区", "望江社区", "青禾社区", "安澜社区", "育才里社区"),
    _town("滨江街道", True, "江畔社区", "汇泽社区", "听潮社区", "锦帆社区", "临港社区"),
    _town("三厂街道", True, "纱坊社区", "同康社区", "大达里社区", "和兴社区", "向荣社区"),
    _town("常乐镇", False, "颐丰村", "耕读村", "长春埭村", "平和村", "官桥村", "花园埭村"),
    _town("悦来镇", False, "新丰村", "保民圩村", "三条埭村", "久隆村", "习正村", "界河村"),
    _town("四甲镇", False, "头甲村", "合兴圩村", "余庆村", "货隆村", "芦家村", "树勋村"),
    _town("余东镇", False, "城河村", "凤城村", "盐坨村", "富南村", "长圩村", "灶洪村"),
    _town("正余镇", False, "双烈村", "河岸村", "新桥头村", "万元村", "王浩村", "棉场村"),
    _town("包场镇", True, "浒通社区", "刘浩社区", "通海社区", "东灶社区", "海晏社区"),
    _town("三星镇", True, "织锦社区", "叠翠社区", "汇南社区", "天补社区", "瑞安社区"),
    _town("临江镇", False, "江心埭村", "汤家村", "灵甸村", "洪闸村", "晒网村", "芦荡村"),
    _town("海永镇", False, "沙洲村", "永东村", "永西村", "江口村", "苇岸村", "望岛村"),
)

# Parties, federation, people's organisations and member groups that put proposals: kind, full name, short name.
ORGANISATIONS: tuple[tuple[str, str, str], ...] = (
    ("party", "中国民主同盟海门区总支部委员会", "民盟区总支"),
    ("party", "中国民主建国会海门区总支部委员会", "民建区总支"),
    ("party", "中国民主促进会海门区总支部委员会", "民进区总支"),
    ("party", "中国农工民主党海门区总支部委员会", "农工党区总支"),
    ("federation", "海门区工商业联合会", "区工商联"),
    ("organisation", "海门区青年联合会", "区青联"),
    ("organisation", "海门区归国华侨联合会", "区侨联"),
    ("group", "海门街道委员小组", "海门街道小组"),
    ("group", "常乐镇委员小组", "常乐镇小组"),
)

# full name, short name, side, remit, contact's name; a letter's "we" follows from the short name
_UNITS: tuple[tuple[str, str, Literal["party", "government", "other"], str, str], ...] = (
    ("区委组织部", "区委组织部", "party", "干部 人才 党建 基层减负", "施卫忠"),
    ("区委宣传部", "区委宣传部", "party", "宣传 文明创建 移风易俗 新闻", "顾海萍"),
    ("区委统战部", "区委统战部", "party", "统战 民族 宗教 侨务 党派 协商", "陆志冲"),
    ("区委政法委员会", "区委政法委", "party", "平安建设 网格 综治 未成年人保护", "沈利锋"),
    ("区委社会工作部", "区委社工部", "party", "社区工作者 志愿服务 两新 业委会", "郁亚琴"),
    ("区委机构编制委员会办公室", "区委编办", "party", "机构 编制 职责", "倪建芳"),
    ("区委网络安全和信息化委员会办公室", "区委网信办", "party", "网络 信息安全 网络素养", "袁剑锋"),
    ("区委老干部局", "区委老干部局", "party", "离退休干部 老年大学", "范锦芳"),
    ("区总工会", "区总工会", "party", "职工 工会 维权 暖心驿站", "龚永辉"),
    ("共青团区委员会", "团区委", "party", "青年 少先队 青少年", "茅佳怡"),
    ("区妇女联合会", "区妇联", "party", "妇女 儿童 家庭教育", "汤春霞"),
    ("区科学技术协会", "区科协", "party", "科普 科技工作者", "季宏飞"),
    ("区残疾人联合会", "区残联", "party", "残疾人 康复 托养 无障碍", "宋友良"),
    ("区发展和改革委员会", "区发改委", "government", "规划 项目 价格 能源 粮食", "钱志新"),
    ("区教育体育局", "区教体局", "government", "学校 教师 学位 体育 健身", "徐燕萍"),
    ("区科学技术局", "区科技局", "government", "科技 创新 成果转化 高新企业", "朱海兵"),
    ("区工业和信息化局", "区工信局", "government", "工业 制造 数字化 中小企业", "黄利忠"),
    ("区公安分局", "区公安分局", "government", "治安 交通 反诈 养犬", "张卫兵"),
    ("区民政局", "区民政局", "government", "养老 助餐 殡葬 社区 社会组织", "陈惠芬"),
    ("区司法局", "区司法局", "government", "普法 调解 法律援助 行政执法", "王凯华"),
    ("区财政局", "区财政局", "government", "预算 资金 绩效 国资", "李佩芬"),
    ("区人力资源和社会保障局", "区人社局", "government", "就业 社保 欠薪 技能 人才", "杨艳红"),
    ("区自然资源和规划分局", "区资规分局", "government", "规划 土地 湿地 林业", "蔡春雷"),
    ("区住房和城乡建设局", "区住建局", "government", "住房 物业 加装电梯 燃气 市政", "俞建忠"),
    ("区交通运输局", "区交运局", "government", "公路 公交 物流 港口", "成冬林"),
    ("区水务局", "区水务局", "government", "河道 供水 排水 污水 防汛", "江海宇"),
    ("区农业农村局", "区农业农村局", "government", "农业 农村 高标准农田 人居环境", "包汉平"),
    ("区商务局", "区商务局", "government", "商贸 外贸 电商 夜间经济 再生资源", "潘翔宇"),
    ("区文化广电和旅游局", "区文旅局", "government", "文化 旅游 非遗 文物 阅读", "夏雅雯"),
    ("区卫生健康委员会", "区卫健委", "government", "医院 村医 托育 急救 中医", "丁旭芳"),
    ("区退役军人事务局", "区退役军人局", "government", "退役军人 双拥 烈士纪念", "邱向荣"),
    ("区应急管理局", "区应急局", "government", "安全生产 防灾 小作坊", "严卫星"),
    ("区审计局", "区审计局", "government", "审计 监督", "秦文娟"),
    ("区市场监督管理局", "区市监局", "government", "食品 药品 价格 消费维权 农贸市场", "曹红兵"),
    ("区城市管理局", "区城管局", "government", "停车 公厕 市容 垃圾分类 绿化", "樊伟忠"),
    ("区医疗保障局", "区医保局", "government", "医保 长期护理保险 药价", "唐佳慧"),
    ("区数据局", "区数据局", "government", "政务服务 数据 热线 营商环境", "薛晨宇"),
    ("区信访局", "区信访局", "government", "信访 诉求 热线", "彭惠英"),
    ("区生态环境局", "区生态环境局", "government", "大气 水 土壤 噪声 异味", "骆春燕"),
    ("区税务局", "区税务局", "government", "税收 社保费 发票", "卫丽霞"),
    ("区消防救援大队", "区消防大队", "government", "消防 火灾 高层", "石建峰"),
    ("区地方金融管理办公室", "区金融办", "government", "融资 担保 保险 非法集资", "苏立文"),
    ("区供销合作总社", "区供销社", "government", "农资 冷链 农产品流通", "戚根发"),
    ("经济技术开发区管理委员会", "区开发区管委会", "government", "园区 招商 企业服务", "梅佳俊"),
    ("区供电公司", "区供电公司", "other", "供电 充电 光伏接入", "万东升"),
)

_ITSELF = (
    ("大队", "我大队"),
    ("公司", "我公司"),
    ("管委会", "我委"),
    ("局", "我局"),
    ("委", "我委"),
    ("部", "我部"),
    ("办", "我办"),
    ("社", "我社"),
    ("会", "我会"),
    ("联", "我会"),
    ("协", "我会"),
)


def _itself(short_name: str) -> str:
    return next((word for ending, word in _ITSELF if short_name.endswith(ending)), "我单位")


UNITS: tuple[UnitSpec, ...] = tuple(
    UnitSpec(name, short, side, remit, contact, f"1990000{9000 + place}", _itself(short))
    for place, (name, short, side, remit, contact) in enumerate(_UNITS, start=1)
)
UNIT_BY_SHORT_NAME: dict[str, UnitSpec] = {unit.short_name: unit for unit in UNITS}
