"""The subject tree of proposals: five fields, each with its second level and likely lead units."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SubjectSpec:
    """A category; a top-level one has no parent. Lead units by short name, likeliest first."""

    code: str
    name: str
    parent: str
    lead_units: tuple[str, ...]


SUBJECTS: tuple[SubjectSpec, ...] = (
    SubjectSpec("econ", "经济建设", "", ("区发改委", "区工信局")),
    SubjectSpec(
        "econ.industry",
        "工业与科技创新",
        "econ",
        ("区工信局", "区科技局", "区住建局", "区资规分局", "区商务局"),
    ),
    SubjectSpec("econ.finance", "财税金融", "econ", ("区金融办", "区财政局", "区税务局")),
    SubjectSpec("econ.trade", "商贸与对外开放", "econ", ("区商务局", "区市监局")),
    SubjectSpec("econ.agri", "农业农村", "econ", ("区农业农村局", "区供销社")),
    SubjectSpec("econ.business", "营商环境", "econ", ("区数据局", "区发改委", "区司法局")),
    SubjectSpec("econ.transport", "交通物流与能源", "econ", ("区交运局", "区发改委")),
    SubjectSpec("poli", "政治建设", "", ("区委统战部", "区司法局")),
    SubjectSpec("poli.consultation", "统战与协商", "poli", ("区委统战部",)),
    SubjectSpec("poli.law", "法治建设", "poli", ("区司法局", "区委政法委", "区公安分局")),
    SubjectSpec(
        "poli.service",
        "机关效能与公共服务",
        "poli",
        ("区委组织部", "区委编办", "区信访局", "区数据局"),
    ),
    SubjectSpec("cult", "文化建设", "", ("区文旅局", "区委宣传部")),
    SubjectSpec(
        "cult.public", "公共文化与文明创建", "cult", ("区文旅局", "区委宣传部", "区委网信办")
    ),
    SubjectSpec("cult.heritage", "文化遗产保护", "cult", ("区文旅局",)),
    SubjectSpec("cult.tourism", "文旅融合", "cult", ("区文旅局",)),
    SubjectSpec("cult.sport", "体育健身", "cult", ("区教体局",)),
    SubjectSpec("soci", "社会建设", "", ("区民政局", "区住建局")),
    SubjectSpec("soci.education", "教育托育", "soci", ("区教体局", "区卫健委")),
    SubjectSpec("soci.health", "医疗卫生", "soci", ("区卫健委", "区医保局")),
    SubjectSpec("soci.elderly", "养老与社会福利", "soci", ("区民政局", "区残联")),
    SubjectSpec("soci.work", "就业与社会保障", "soci", ("区人社局", "区退役军人局")),
    SubjectSpec("soci.housing", "住房与物业", "soci", ("区住建局",)),
    SubjectSpec(
        "soci.traffic", "城市交通", "soci", ("区公安分局", "区城管局", "区交运局", "区住建局")
    ),
    SubjectSpec("soci.city", "城市管理", "soci", ("区城管局", "区水务局")),
    SubjectSpec(
        "soci.safety",
        "公共安全",
        "soci",
        ("区应急局", "区消防大队", "区市监局", "区住建局", "区水务局"),
    ),
    SubjectSpec(
        "soci.governance",
        "社会治理",
        "soci",
        ("区委社工部", "区委政法委", "区妇联", "区住建局", "区市监局"),
    ),
    SubjectSpec("ecol", "生态文明建设", "", ("区生态环境局", "区水务局")),
    SubjectSpec("ecol.water", "水环境与供水", "ecol", ("区水务局",)),
    SubjectSpec("ecol.pollution", "污染防治", "ecol", ("区生态环境局", "区住建局", "区农业农村局")),
    SubjectSpec(
        "ecol.waste", "垃圾治理与资源利用", "ecol", ("区城管局", "区农业农村局", "区商务局")
    ),
    SubjectSpec("ecol.green", "绿色低碳与生态保护", "ecol", ("区发改委", "区资规分局", "区城管局")),
)
SUBJECT_BY_CODE: dict[str, SubjectSpec] = {subject.code: subject for subject in SUBJECTS}
