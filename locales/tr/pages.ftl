reference = Başvuru numarası
reference-hint = Yardım isterken bu numarayı belirtin.
meeting = Toplantı
provider = Oturum açma
character = İzin verilmeyen
address = Adres
try-again = Yeniden dene
start-again = Baştan başla
open-again = Toplantınızın bağlantısını yeniden açın.
last-used = Son kullanılan
last-used-at = Son kullanım
somebody-else = Başka biri olarak giriş yap
log-out = Çıkış yap
log-out-everywhere = Her yerde çıkış yap
down = Şu anda yanıt vermiyor
support = Yardıma mı ihtiyacınız var?

landing =
    .title = Toplantınız bir tık ötede
    .what = Kuruluşunuzun görüntülü toplantıları için burada oturum açarsınız.
    .next = Toplantınızın bağlantısını açın, gerisi kendiliğinden gelir.
    .action = Toplantı sitesine git

signed-in =
    .title = Giriş yaptınız
    .what = Bir sonraki toplantı bağlantısı yeniden giriş yapmadan açılır.
    .places = Giriş yaptığınız yerler
    .unknown = Bilinmeyen cihaz
    .here = Bu tarayıcı
    .since = Başlangıç
    .end = Oradan çıkış yap

logout =
    .title = Çıkış yapılsın mı?
    .what = Bundan sonra bir sonraki toplantı bağlantısı yeniden giriş yapmanızı ister.

relay =
    .title = Bir dakika
    .what = Oturumunuz açılıyor.
    .onward = Kuruluşunuzun oturum açma sayfasına geçiliyor.
    .leaving = Oturumunuz kapatılıyor.
    .next = Bir şey olmazsa buradan devam edin.
    .action = Devam

choose =
    .title = Nasıl oturum açmak istiyorsunuz?
    .what = Bu toplantı için kullandığınız hesabı seçin.

choose-idp =
    .title = Hangi kurumdansınız?
    .what = Üniversitenizin, enstitünüzün veya şirketinizin adı
    .action = Ara
    .none = Uyan bir kurum yok. Adının başka bir bölümünü deneyin.
    .more = Başkaları da var. Kendinizinkini bulmak için adının bir bölümünü yazın.

guest =
    .title = Adınız nedir?
    .what = Toplantıdaki diğer kişiler buraya yazdığınız adı görür.
    .action = Konuk olarak gir
    .empty = Önce bir ad yazın.
    .long = Bu ad çok uzun. En fazla 50 karakter olabilir.
    .invisible = Bu adda görünmeyen bir karakter var. Yeniden yazın.

pass =
    .title = Bir toplantıya davetlisiniz
    .early = Toplantı henüz açılmadı. Bu sayfada kalın; açılınca içeri alınacaksınız.
    .opens = Başlangıç
    .ends = Bitiş
    .room = Hangi toplantıya girmek istiyorsunuz?
    .no-room = Bu davet o toplantı için değil.
    .login = Bu davet, kimin girdiği bilinsin diye oturum açmanızı ister.
    .log-in = Oturum aç ve gir
    .action = Toplantıya gir
    .as = Şu adla giriyorsunuz
    .calendar = Takvime ekle
    .picture = Bu davetin karekodu

password =
    .title = Oturum aç
    .what = Kuruluşunuzun hesabının adını ve parolasını kullanın.
    .name = Kullanıcı adı
    .secret = Parola
    .action = Oturum aç
    .empty = Kullanıcı adınızı ve parolanızı yazın.
    .wrong = Kullanıcı adı veya parola doğru değil. Çok sayıda denemeden sonra bir hesap bir süre kilitlenebilir.
    .wait = Çok fazla deneme yapıldı. { $minutes ->
        [one] Bir dakika
       *[other] { $minutes } dakika
    } bekleyin, sonra yeniden deneyin.
    .caps = Caps Lock açık.

no-page =
    .title = Burada bir sayfa yok
    .what = Bu adres bir yere çıkmıyor.
    .next = Toplantınızın bağlantısını yeniden açın veya sizi davet eden kişiden isteyin.

wrong-method =
    .title = Bu burada yapılamaz
    .what = Bu adres var, ama tarayıcınızın istediği şey için değil.
    .next = Toplantınızın bağlantısını yeniden açın.

bad-request =
    .title = Bağlantı bozuk
    .what = Adreste bir şey eksik, fazla uzun veya iki kez verilmiş.
    .next = Toplantınızın bağlantısını yeniden açın. Bir iletiden geldiyse tamamının kopyalandığından emin olun.

bad-room =
    .title = Bu toplantı adı kullanılamaz
    .what = Toplantının adında, toplantı adlarında bulunamayacak bir karakter var.
    .next = Sizi davet eden kişiden başka bir bağlantı isteyin veya harf, rakam ve kısa çizgiden oluşan bir ad seçin.

spaced-room =
    .title = Bu toplantı adı kullanılamaz
    .what = Toplantının adı boşlukla başlıyor veya bitiyor ya da art arda iki boşluk içeriyor.
    .next = Sizi davet eden kişiden başka bir bağlantı isteyin veya bu boşlukları çıkarın.

empty-room =
    .title = Bağlantıda toplantı adı yok
    .what = Adresin sonunda toplantının adı eksik.
    .next = Bağlantının tamamının kopyalandığından emin olun veya sizi davet eden kişiden isteyin.

long-room =
    .title = Bu toplantı adı fazla uzun
    .what = Bir toplantının adı bu kadar uzun olamaz.
    .next = Sizi davet eden kişiden başka bir bağlantı isteyin veya daha kısa bir ad seçin.

bad-settings =
    .title = Bağlantı bozuk
    .what = Bağlantıdaki toplantı ayarları okunamıyor veya sayıları fazla.
    .next = Toplantıyı kendi sayfasından yeniden açın.

no-provider =
    .title = Böyle bir oturum açma yolu yok
    .what = Bağlantı, burada sunulmayan bir oturum açma yolu istiyor.
    .next = Toplantınızın bağlantısını yeniden açın.

lost =
    .title = Oturum açma yolda kayboldu
    .what = Geri döndünüz, ama bu tarayıcı başlattığı oturum açma işlemini artık tutmuyor. İşlem çoktan tamamlanmış ya da başka bir pencerede veya tarayıcıda başlamış olabilir.
    .next = Buradan baştan başlayın ve toplantıya girene kadar bu pencerede kalın.

lost-again =
    .title = Tarayıcınız oturum açma işlemini tutmuyor
    .what = İşlem art arda iki kez kayboldu, bu yüzden yalnızca baştan başlamak yetmez. Nedeni çoğunlukla şunlardan biridir:
    .cookies = Çerezler engellenmiş. Bu site için izin verin; toplantıya girene kadar bir tanesi gerekir.
    .private = Gizli pencere veya bir eklenti onları siliyor. Normal bir pencerede deneyin.
    .host = İşlem başka bir adreste başladı. Oturum açarken adres çubuğunda aşağıdaki adres görünmelidir.
    .browser = Bağlantı başka bir uygulamanın içinde açıldı. Bunun yerine tarayıcınızda açın.
    .clock = Cihazınızın saati yanlış. Doğru saate ayarlayın.
    .next = Ardından toplantınızın bağlantısını yeniden açın.

expired =
    .title = Çok uzun sürdü
    .what = Oturum açma { $minutes ->
        [one] bir dakika
       *[other] { $minutes } dakika
    } içinde tamamlanmalıdır, bu ise tamamlanmadı.
    .next = Kaybolan bir şey yok: buradan baştan başlayın.

expired-again =
    .title = Yine çok uzun sürdü
    .what = Art arda iki oturum açma zamanında tamamlanmadı.
    .next = Oturum açmaya hazır olduğunuzda toplantınızın bağlantısını yeniden açın.

not-yours =
    .title = Bu yanıt başka bir oturum açma işlemine ait
    .what = Gelen yanıt bu tarayıcının başlattığı hiçbir işleme uymuyor, bu yüzden kullanılmadı.
    .next = Birinin gönderdiği bir bağlantıyı izlediyseniz bu sayfayı kapatın. Bir toplantıya girmek için onun kendi bağlantısını açın.

cancelled =
    .title = Oturum açılmadı
    .what = Oturum açma iptal edildi veya reddedildi.
    .next = Varsa başka bir hesapla yeniden deneyebilirsiniz.

not-admitted =
    .title = Bu hesap burada kabul edilmiyor
    .what = Oturum açtınız, ama yalnızca belirli kuruluşların hesapları kabul ediliyor.
    .next = Kuruluşunuzun hesabıyla yeniden deneyin veya sizi davet eden kişiye sorun.

password-to-change =
    .title = Önce parolanız değiştirilmelidir
    .what = Parolanız doğru, ama süresi dolmuş veya değiştirmeniz için verilmiş.
    .next = Kuruluşunuzun izin verdiği yerde değiştirin, sonra yeniden deneyin.

account-disabled =
    .title = Bu hesap şu anda kullanılamıyor
    .what = Parolanız doğru, ama hesap devre dışı, süresi dolmuş veya bu saatte geçerli değil.
    .next = Yöneticinize sorun veya başka bir hesapla deneyin.

untrusted =
    .title = Oturumunuz doğrulanamadı
    .what = Oturum açma hizmetinin yanıtı tüm denetimlerden geçmedi, bu yüzden kullanılmadı.
    .next = Yeniden deneyin. Bu yinelenirse yöneticinize bildirin.

turned-away =
    .title = Oturum açma doğru ayarlanmamış
    .what = Oturum açma hizmeti bu siteyi tanımıyor veya kabul etmiyor. Sizin bir hatanız yok.
    .next = Yöneticinize bildirin; düzeltilene kadar yeniden denemek işe yaramaz.

sign-on-first =
    .title = Önce kuruluşunuzun kendi oturumu gerekli
    .what = Oturum açtınız, ancak kuruluş, üyelerini yalnızca kendi tek oturum açma işleminden sonra gösteriyor.
    .next = Oturum açma hizmetinde kuruluşunuza giriş yapın, orada bu siteye erişim izni verin ve yeniden deneyin.

too-many-calls =
    .title = Şu anda çok fazla oturum açılıyor
    .what = Oturum açma hizmeti şimdilik bu siteden başka istek kabul etmiyor. Siz yanlış bir şey yapmadınız.
    .next = Birkaç dakika bekleyin ve yeniden deneyin.

provider-down =
    .title = Oturum açma hizmeti yanıt vermiyor
    .what = Oturum açma hizmetine ulaşılamıyor veya geçerli bir yanıt vermedi. Sizin bir hatanız yok.
    .next = Bir dakika bekleyip yeniden deneyin.

refused =
    .title = Bu toplantıya giremezsiniz
    .what = Oturum açtınız, ama bu hesap bu toplantıya alınmıyor veya bu saatte alınmıyor.
    .next = Sizi davet eden kişiye sorun veya başka bir hesapla yeniden deneyin.

closed =
    .title = Şu anda bu toplantıya kimse giremez
    .what = Bu saatte hiçbir hesapla bu toplantıya girilemiyor.
    .next = Toplantının adını ve saatini denetleyin veya sizi davet eden kişiye sorun.

pass-unknown =
    .title = Böyle bir davet yok
    .what = Bağlantı hiçbir davete götürmüyor: bir kısmı eksik olabilir veya davet çok önce bitmiştir.
    .next = Bağlantıyı aldığınız gibi açın veya sizi davet eden kişiye sorun.

pass-late =
    .title = Bu davet sona erdi
    .what = Yapıldığı zaman geçti.
    .next = Sizi davet eden kişiden yenisini isteyin.

pass-used-up =
    .title = Bu davet tükendi
    .what = Öngörülen sayıda kişi onunla zaten girdi.
    .next = Daha önce girdiğiniz tarayıcıya dönün veya sizi davet eden kişiye sorun.

pass-withdrawn =
    .title = Bu davet geri çekildi
    .what = Daveti yapan kişi onu geri aldı.
    .next = Sizi davet eden kişiye sorun.

pass-wait =
    .title = Çok fazla yanlış davet
    .what = Ağınızdan hiçbir davete götürmeyen çok sayıda bağlantı açıldı.
    .next = Birkaç dakika bekleyin, sonra bağlantıyı aldığınız gibi açın.

pass-down =
    .title = Davetiniz şu anda bulunamıyor
    .what = Davetlerle ilgili kayıtlarımıza şu anda ulaşılamıyor. Siz yanlış bir şey yapmadınız.
    .next = Bir dakika bekleyin, sonra bağlantıyı yeniden açın.

no-sessions =
    .title = Girişiniz şu anda bulunamıyor
    .what = Girişlerle ilgili kayıtlarımıza şu anda ulaşılamıyor. Toplantılara bağlantılarıyla, her seferinde giriş yaparak hâlâ katılabilirsiniz.
    .next = Bir dakika bekleyin, sonra yeniden deneyin.

not-recorded =
    .title = Şu anda kimse içeri alınamıyor
    .what = Her girişin kaydı tutulur ve bu kayıt şu anda yazılamıyor.
    .next = Bir dakika bekleyin, sonra yeniden deneyin.

stale-form =
    .title = Bu sayfa güncel değil
    .what = Sayfa açıldıktan sonra giriş veya çıkış yaptınız ya da istek başka bir siteden geldi; bu yüzden hiçbir şey yapılmadı.
    .next = Geri dönün, sayfayı yeniden yükleyin ve bir kez daha deneyin.

broken =
    .title = Bizim tarafımızda bir sorun oluştu
    .what = Sizin bir hatanız yok.
    .next = Yeniden deneyin. Bu yinelenirse yöneticinize bildirin.
