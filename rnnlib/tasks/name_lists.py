"""Names that were typed for this project: facts, free to use (CC0)."""

__all__ = ["DINOSAURS", "MINERALS"]

MINERALS = """
    acanthite actinolite adamite aegirine afghanite agardite akermanite alabandite
    albite allanite almandine altaite alunite amblygonite analcime anatase andalusite
    andesine andradite anglesite anhydrite ankerite annabergite anorthite anorthoclase
    anthophyllite antigorite apatite apophyllite aragonite arsenopyrite artinite
    astrophyllite atacamite augelite augite aurichalcite autunite axinite azurite
    baddeleyite barite bastnasite benitoite beraunite berthierite bertrandite beryl
    beryllonite betafite bindheimite biotite bismuthinite bismutite bloedite boehmite
    boleite boracite borax bornite boulangerite bournonite brazilianite brochantite
    brookite brucite buergerite bytownite cacoxenite calaverite calcite caledonite
    cancrinite carnallite carnotite carpholite cassiterite cavansite celestine celsian
    cerussite chabazite chalcanthite chalcocite chalcophyllite chalcopyrite chamosite
    charoite childrenite chlorargyrite chloritoid chondrodite chromite chrysoberyl
    chrysocolla chrysotile cinnabar clinochlore clinoclase clinohumite clinozoisite
    cobaltite coesite colemanite collinsite columbite connellite copiapite cordierite
    cornetite cornubite corundum covellite creedite cristobalite crocoite cronstedtite
    cryolite cubanite cummingtonite cuprite cuprosklodowskite cyanotrichite danburite
    datolite dawsonite descloizite diaspore dickite digenite diopside dioptase djurleite
    dolomite dravite dufrenite dumortierite dyscrasite elbaite enargite enstatite
    eosphorite epidote epsomite erythrite euclase eucryptite eudialyte eulytine euxenite
    fayalite ferberite fergusonite ferrierite fluorapatite fluorite forsterite
    franklinite freibergite gadolinite gahnite galaxite galena galenite gaylussite
    gehlenite geocronite gersdorffite gibbsite gismondine glauberite glaucodot
    glauconite glaucophane gmelinite goethite goslarite graphite greenockite grossular
    gypsum gyrolite halite halloysite halotrichite hardystonite harmotome hausmannite
    hauyne hedenbergite hematite hemimorphite hercynite herderite hessite heulandite
    hibonite hopeite hornblende howlite huebnerite humite hutchinsonite hyalophane
    hydromagnesite hydrozincite illite ilmenite ilvaite inderite inesite iolite
    jacobsite jadeite jamesonite jarosite jordanite kainite kaolinite kermesite kernite
    kieserite kornerupine kyanite labradorite lanarkite langbeinite laumontite
    laurionite lawsonite lazulite lazurite leadhillite lepidocrocite lepidolite leucite
    leucophanite libethenite linarite liroconite litharge livingstonite lollingite
    ludlamite magnesite magnetite malachite manganite manganosite marcasite margarite
    marialite massicot meionite melanterite melilite mesolite metacinnabar miargyrite
    microcline microlite milarite millerite mimetite mirabilite molybdenite monazite
    monticellite montmorillonite mordenite mottramite mullite muscovite nacrite
    nagyagite natrolite natron nepheline neptunite nickeline nitratine nontronite
    norbergite nosean okenite oligoclase olivenite olivine omphacite opal orpiment
    orthoclase paragonite pargasite parisite pectolite pentlandite periclase perovskite
    petalite petzite pharmacolite pharmacosiderite phenakite phillipsite phlogopite
    phosgenite phosphophyllite piemontite pigeonite plagionite pollucite polybasite
    polyhalite powellite prehnite proustite pseudomalachite pumpellyite pyrargyrite
    pyrite pyrochlore pyrolusite pyromorphite pyrope pyrophanite pyrophyllite pyrrhotite
    quartz rammelsbergite realgar rhodochrosite rhodonite riebeckite rosasite roscoelite
    rutile safflorite samarskite sanidine saponite sapphirine scapolite scheelite
    scholzite schorl scolecite scorodite scorzalite senarmontite sepiolite serandite
    serpierite siderite siegenite sillimanite skutterudite smithsonite sodalite
    spangolite spessartine sphalerite spinel spodumene stannite staurolite stephanite
    stibnite stichtite stilbite stilpnomelane stishovite strengite stromeyerite
    strontianite struvite sylvanite sylvite talc tantalite tarbuttite tennantite
    tenorite tephroite tetradymite tetrahedrite thaumasite thenardite thomsonite
    thorianite thorite titanite topaz torbernite tremolite tridymite triphylite troilite
    trona turquoise tyuyamunite ulexite uraninite uranophane uvarovite uvite vanadinite
    variscite vauxite vermiculite vesuvianite vivianite wavellite weloganite whewellite
    willemite witherite wolframite wollastonite wulfenite wurtzite xenotime zincite
    zinnwaldite zircon zoisite
    """

DINOSAURS = """
    abelisaurus abrictosaurus achelousaurus acrocanthosaurus aegyptosaurus afrovenator
    agilisaurus alamosaurus albertaceratops albertosaurus alectrosaurus alioramus
    allosaurus altirhinus alvarezsaurus alxasaurus amargasaurus amphicoelias
    anchiceratops anchiornis anchisaurus ankylosaurus anserimimus antarctosaurus
    apatosaurus aragosaurus aralosaurus archaeoceratops archaeornithomimus
    argentinosaurus arrhinoceratops atlascopcosaurus aublysodon aucasaurus austroraptor
    austrosaurus avaceratops avimimus bactrosaurus bagaceratops bambiraptor barapasaurus
    barosaurus baryonyx becklespinax beipiaosaurus bellusaurus borogovia brachiosaurus
    brachylophosaurus brontosaurus buitreraptor byronosaurus camarasaurus camptosaurus
    carcharodontosaurus carnotaurus caudipteryx centrosaurus ceratosaurus cetiosauriscus
    cetiosaurus chasmosaurus chialingosaurus chilantaisaurus chindesaurus chirostenotes
    chungkingosaurus citipati coelophysis coelurus coloradisaurus compsognathus
    conchoraptor corythosaurus cryolophosaurus daspletosaurus datousaurus deinocheirus
    deinonychus deltadromeus diamantinasaurus dicraeosaurus dilophosaurus diplodocus
    dracorex dravidosaurus dromaeosaurus dromiceiomimus dryosaurus dryptosaurus
    dubreuillosaurus edmontonia edmontosaurus einiosaurus elaphrosaurus emausaurus
    eocarcharia eocursor eolambia eoraptor eotyrannus epidexipteryx equijubus erketu
    erlikosaurus euhelopus euoplocephalus europasaurus eustreptospondylus fabrosaurus
    falcarius fukuiraptor fukuisaurus futalognkosaurus gallimimus gargoyleosaurus
    garudimimus gasosaurus gasparinisaura gastonia giganotosaurus gigantoraptor
    gilmoreosaurus giraffatitan gobisaurus gorgosaurus goyocephale graciliraptor
    gryposaurus guanlong hadrosaurus hagryphus haplocanthosaurus harpymimus
    herrerasaurus hesperosaurus heterodontosaurus homalocephale huaxiagnathus
    huayangosaurus hylaeosaurus hypacrosaurus hypsilophodon iguanodon ilokelesia
    incisivosaurus indosuchus irritator janenschia jaxartosaurus jingshanosaurus
    jinzhousaurus jobaria juravenator kentrosaurus khaan kosmoceratops kotasaurus
    kritosaurus lambeosaurus lapparentosaurus leaellynasaura leptoceratops lesothosaurus
    lexovisaurus liaoceratops ligabuesaurus liliensternus linheraptor lophorhothon
    lourinhanosaurus lufengosaurus lurdusaurus lycorhinus magyarosaurus maiasaura
    majungasaurus mamenchisaurus mapusaurus marshosaurus masiakasaurus massospondylus
    medusaceratops megalosaurus megaraptor melanorosaurus metriacanthosaurus
    microceratus micropachycephalosaurus microraptor minmi monoclonius monolophosaurus
    mononykus mussaurus muttaburrasaurus mymoorapelta nanotyrannus nanshiungosaurus
    nemegtosaurus neovenator neuquenosaurus nigersaurus nipponosaurus noasaurus
    nodosaurus nomingia nothronychus nqwebasaurus omeisaurus opisthocoelicaudia
    ornitholestes ornithomimus orodromeus oryctodromeus othnielia ouranosaurus oviraptor
    pachycephalosaurus pachyrhinosaurus panoplosaurus paralititan parasaurolophus
    parksosaurus patagosaurus pelecanimimus pelorosaurus pentaceratops piatnitzkysaurus
    pinacosaurus plateosaurus podokesaurus poekilopleuron polacanthus prenocephale
    probactrosaurus proceratosaurus procompsognathus prosaurolophus protarchaeopteryx
    protoceratops protohadros psittacosaurus pyroraptor qantassaurus quaesitosaurus
    rapetosaurus rebbachisaurus regaliceratops rhabdodon rhoetosaurus rinchenia
    riojasaurus rugops saichania saltasaurus sarcosaurus saurolophus sauropelta
    saurophaganax sauroposeidon saurornithoides saurornitholestes scelidosaurus
    scipionyx scutellosaurus secernosaurus segisaurus segnosaurus seismosaurus
    shamosaurus shanag shantungosaurus shunosaurus shuvuuia silvisaurus sinocalliopteryx
    sinoceratops sinornithoides sinornithomimus sinornithosaurus sinosauropteryx
    sinovenator sinraptor sonidosaurus spinosaurus staurikosaurus stegoceras stegosaurus
    stenopelix struthiomimus struthiosaurus stygimoloch styracosaurus suchomimus
    supersaurus szechuanosaurus talarurus tanius tarascosaurus tarbosaurus tarchia
    telmatosaurus tenontosaurus thecodontosaurus therizinosaurus thescelosaurus
    titanoceratops titanosaurus torosaurus torvosaurus triceratops troodon tsagantegia
    tsintaosaurus tuojiangosaurus turanoceratops tylocephale tyrannosaurus udanoceratops
    unaysaurus unenlagia urbacodon utahraptor valdosaurus variraptor velociraptor
    velocisaurus vulcanodon wannanosaurus wuerhosaurus xenotarsosaurus xiaosaurus
    xuanhanosaurus yandusaurus yangchuanosaurus yaverlandia yimenosaurus yinlong
    yunnanosaurus zalmoxes zephyrosaurus zuniceratops
    """
