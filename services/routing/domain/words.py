"""The words check words are made of. Invariant: 512 of them, nine bits each; no two begin with the same four letters,
so one heard badly on the telephone is told from the others. Changing the list changes every check word on paper.
"""

_LIST = """
    abadi acara adat agung akar alam album aliran alpukat alun aman amplop anak anggrek angin angkasa angsa anyaman
    apel arang arena arloji atlas ayah ayunan bagus bahasa bakau balai balkon balok bambu bandara banteng barat
    baris batik bawang bayam bebek bedug bekal benang bendera bengkel benih benua beras bersih besar biasa bibit
    bijak bilik bintang biola biru bisnis boneka botol brosur budaya bukit buku bulan bumi bunga cabai cahaya campur
    candi cangkir cantik capung cawan celana cemara cendana cengkeh cepat cerah cerdas cerita cermat cincin cinta
    coklat contoh cuaca cucu cukup dadu daftar dahlia danau dapur dasar daun daya debu delima delman delta dendang
    desa dinding dokter domba dongeng dunia durian ekor elang elok emas embun empuk enam etalase fajar famili fasih
    fauna fosil foto gabah gading gamelan gandum gapura garam garuda gedung gelas gema gembira genap gentong gerak
    gerbang gerimis gerobak gitar gizi gudang gula gurami gurita guru hadiah halaman halus hangat harapan harga
    harimau harmoni harum hasil hasta hebat helai hiasan hidup hijau hikmah hitam hotel hujan huruf ikan ilalang
    impian intan irama jahe jaket jalak jalur jamu janji jaring jati jenaka jendela jernih jeruk jinak joget joglo
    jujur kabel kabut kaktus kalung kambing kampung kandang kantor kapas karet kayu kebun kecil kelapa kelinci
    kelopak kemah kembang kemeja kemiri kenanga kendi kentang keramik kerbau kereta keris kertas ketan ketupat
    kijang kincir kisah kolam komodo kompas koper kopi kota kuat kucing kuda kulit kunang kunci kurma kursi ladang
    lagu lampu lancar langit lantai laporan lautan layar lebah legenda lembar lensa lentera lereng lesung lezat
    lilin lincah listrik lombok loncat lontar luhur lukisan lulus lumbung lumut luwes magnet mahkota makmur mandiri
    mangga manik mantap marmer mawar meja mekar melati melodi menara mendung mentari merdu merpati mimpi minat mobil
    motor muara mulia murid musang museum musik mutiara nafas nakhoda nasi naskah nelayan novel nuri nusa nyiur obor
    ombak pabrik padi pagar palem panah panci pandai panen panjang pantun papan pasir patung paus pedas pelajar
    pelita peluit pemuda penuh penyu perahu perigi permata pesisir pesona petani petir piala piano pilar pinang
    pinggir pintu pohon pondok potret puisi pulau puncak pusaka putih putri radio rajin rakit rakyat ramah rambut
    rapi rasa rebana rempah resep resmi riang rimba rindang ringan roda roket rotan roti rubah rujak rukun rumput
    runcing rupiah sabar sabit sabun sahabat sajak salju sambal samudra sandal sangkar santan sapu sawah sawo sayap
    sayur segar sehat sejarah sejuk sekolah selada selimut semut sendok seni senja sepatu sepeda serabi seroja setia
    siap sinar singa siput sirih sirup sisik siswa sopan sore subuh suci sudut suka sukses suling sulur sumber
    sumpit sungai surat surya susu sutra swadaya tabung tahun tajam tambak tanda tangan tanjung tari tawon tebing
    teduh tegak tekun teladan telepon teluk teman tembok tempat tengah teratai terbit terigu terjun tetap tikar
    tiket timbul timur tinggi titik toko tomat topeng tugas tugu tukang tulip tumpeng tunggal ucap udara ufuk ukir
    ular umbul umur unggul ungu unta upacara usaha utama utuh vanili vila visi wadah wahana wajik waktu walet wangi
    warisan warna wasit wayang wibawa wilayah wisata wisma wortel wujud yakin yayasan yoga zaitun zamrud ziarah
"""
WORDS = tuple(_LIST.split())
