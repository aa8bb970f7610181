reference = Numero di riferimento
reference-hint = Indica questo numero quando chiedi aiuto.
meeting = Riunione
provider = Accesso
character = Non ammesso
address = Indirizzo
try-again = Riprova
start-again = Ricomincia
open-again = Apri di nuovo il link della riunione.
last-used = Usato l’ultima volta
last-used-at = Ultimo utilizzo
somebody-else = Accedi come un’altra persona
log-out = Esci
log-out-everywhere = Esci ovunque
down = Al momento non risponde
support = Serve aiuto?

landing =
    .title = La riunione è a un clic
    .what = Qui accedi alle videoriunioni della tua organizzazione.
    .next = Apri il link della riunione: il resto viene da sé.
    .action = Vai al sito delle riunioni

signed-in =
    .title = Hai effettuato l’accesso
    .what = Il prossimo link a una riunione si aprirà senza un altro accesso.
    .places = Dove hai effettuato l’accesso
    .unknown = Dispositivo sconosciuto
    .here = Questo browser
    .since = Dal
    .end = Esci da lì

logout =
    .title = Uscire?
    .what = Dopo, il prossimo link a una riunione ti chiederà di accedere di nuovo.

relay =
    .title = Un momento
    .what = L’accesso sta per concludersi.
    .onward = Si passa all’accesso della sua organizzazione.
    .leaving = La disconnessione è in corso.
    .next = Se non succede nulla, continua da qui.
    .action = Continua

choose =
    .title = Come vuoi accedere?
    .what = Scegli l’account che usi per questa riunione.

choose-idp =
    .title = Di quale ente fai parte?
    .what = Nome della tua università, istituto o azienda
    .action = Cerca
    .none = Nessun ente corrisponde. Prova con un’altra parte del nome.
    .more = Ce ne sono altri. Scrivi una parte del nome per trovare il tuo.

guest =
    .title = Come si chiama?
    .what = Gli altri partecipanti vedranno il nome che inserisce qui.
    .action = Entra come ospite
    .empty = Inserisca prima un nome.
    .long = Questo nome è troppo lungo. Può avere 50 caratteri.
    .invisible = Questo nome contiene un carattere invisibile. Lo scriva di nuovo.

pass =
    .title = È stato invitato a una riunione
    .early = La riunione non è ancora aperta. Resti su questa pagina: entrerà non appena lo sarà.
    .opens = Inizio
    .ends = Fine
    .room = In quale riunione vuole entrare?
    .no-room = Questo invito non vale per quella riunione.
    .login = Questo invito richiede l’accesso, perché si sappia chi entra.
    .log-in = Accedi ed entra
    .action = Entra nella riunione
    .as = Entra come
    .calendar = Aggiungi al calendario
    .picture = Codice QR di questo invito

password =
    .title = Accedi
    .what = Usa il nome e la password dell’account della tua organizzazione.
    .name = Nome utente
    .secret = Password
    .action = Accedi
    .empty = Inserisci il nome utente e la password.
    .wrong = Il nome utente o la password non è corretto. Dopo molti tentativi un account può restare bloccato per un po’.
    .wait = Troppi tentativi. Attendi { $minutes ->
        [one] un minuto
       *[other] { $minutes } minuti
    }, poi riprova.
    .caps = Il blocco maiuscole è attivo.

no-page =
    .title = Qui non c’è nessuna pagina
    .what = Questo indirizzo non porta da nessuna parte.
    .next = Apri di nuovo il link della riunione, o chiedilo a chi ti ha invitato.

wrong-method =
    .title = Qui non si può fare
    .what = Questo indirizzo esiste, ma non per ciò che il browser gli ha chiesto.
    .next = Apri di nuovo il link della riunione.

bad-request =
    .title = Il link è danneggiato
    .what = Nell’indirizzo manca qualcosa, oppure qualcosa è troppo lungo o ripetuto.
    .next = Apri di nuovo il link della riunione. Se era in un messaggio, controlla di averlo copiato per intero.

bad-room =
    .title = Questo nome di riunione non si può usare
    .what = Il nome della riunione contiene un carattere che non vi può stare.
    .next = Chiedi un altro link a chi ti ha invitato, o scegli un nome di lettere, cifre e trattini.

spaced-room =
    .title = Questo nome di riunione non si può usare
    .what = Il nome della riunione comincia o finisce con uno spazio, o ne ha due di seguito.
    .next = Chiedi un altro link a chi ti ha invitato, o togli questi spazi.

empty-room =
    .title = Il link non indica nessuna riunione
    .what = Alla fine dell’indirizzo manca il nome della riunione.
    .next = Controlla di aver copiato il link per intero, o chiedilo a chi ti ha invitato.

long-room =
    .title = Questo nome di riunione è troppo lungo
    .what = Il nome di una riunione non può essere così lungo.
    .next = Chiedi un altro link a chi ti ha invitato, o scegli un nome più corto.

bad-settings =
    .title = Il link è danneggiato
    .what = Le impostazioni della riunione nel link non si possono leggere, o sono troppe.
    .next = Apri di nuovo la riunione dalla sua pagina.

no-provider =
    .title = Questo accesso non esiste
    .what = Il link chiede un modo di accedere che qui non è offerto.
    .next = Apri di nuovo il link della riunione.

lost =
    .title = L’accesso si è perso per strada
    .what = Sei di nuovo qui, ma questo browser non ha più l’accesso che aveva iniziato. Forse è già stato concluso, o era iniziato in un’altra finestra o in un altro browser.
    .next = Ricomincia da qui e resta in questa finestra finché non sei nella riunione.

lost-again =
    .title = Il browser non conserva l’accesso
    .what = L’accesso si è perso due volte di seguito, quindi ricominciare da solo non basta. Di solito la causa è una di queste:
    .cookies = I cookie sono bloccati. Consentili per questo sito: ne serve uno finché non sei nella riunione.
    .private = Una finestra anonima o un’estensione li cancella. Prova in una finestra normale.
    .host = L’accesso è iniziato sotto un altro indirizzo. Durante l’accesso la barra degli indirizzi deve mostrare quello indicato sotto.
    .browser = Il link si è aperto dentro un’altra app. Aprilo invece nel browser.
    .clock = L’orologio del dispositivo è sbagliato. Regolalo.
    .next = Poi apri di nuovo il link della riunione.

expired =
    .title = Ci è voluto troppo tempo
    .what = Un accesso va concluso entro { $minutes ->
        [one] un minuto
       *[other] { $minutes } minuti
    }, e questo non lo è stato.
    .next = Non è perso nulla: ricomincia da qui.

expired-again =
    .title = Ci è voluto di nuovo troppo tempo
    .what = Due accessi di seguito non sono stati conclusi in tempo.
    .next = Quando hai il tempo di accedere, apri di nuovo il link della riunione.

not-yours =
    .title = Questa risposta appartiene a un altro accesso
    .what = Ciò che è arrivato non corrisponde a nessun accesso iniziato da questo browser, perciò non è stato usato.
    .next = Se hai seguito un link che qualcuno ti ha mandato, chiudi questa pagina. Per entrare in una riunione apri il suo link.

cancelled =
    .title = L’accesso non è avvenuto
    .what = L’accesso è stato annullato o rifiutato.
    .next = Puoi riprovare, anche con un altro account.

not-admitted =
    .title = Questo account qui non è accettato
    .what = Hai effettuato l’accesso, ma sono accettati solo gli account di certe organizzazioni.
    .next = Riprova con l’account della tua organizzazione, o chiedi a chi ti ha invitato.

password-to-change =
    .title = Prima va cambiata la password
    .what = La password è corretta, ma è scaduta o ti è stata data perché tu la cambi.
    .next = Cambiala dove la tua organizzazione lo permette, poi riprova.

account-disabled =
    .title = Questo account ora non si può usare
    .what = La password è corretta, ma l’account è disattivato, scaduto o non vale a quest’ora.
    .next = Chiedi al tuo amministratore, o riprova con un altro account.

untrusted =
    .title = Non è stato possibile confermare l’accesso
    .what = La risposta del servizio di accesso non ha superato tutti i controlli, perciò non è stata usata.
    .next = Riprova. Se succede ancora, avvisa l’amministratore.

turned-away =
    .title = L’accesso non è configurato bene
    .what = Il servizio di accesso non conosce questo sito o non lo accetta. Non hai sbagliato nulla.
    .next = Avvisa l’amministratore; finché non è sistemato, riprovare non serve.

sign-on-first =
    .title = Prima serve l’accesso della sua organizzazione
    .what = L’accesso è riuscito, ma un’organizzazione mostra chi ne fa parte solo dopo il proprio accesso unico.
    .next = Acceda alla sua organizzazione presso il servizio di accesso, vi autorizzi questo sito e riprovi.

too-many-calls =
    .title = Troppi accessi in questo momento
    .what = Per ora il servizio di accesso non accetta altre richieste da questo sito. Lei non ha fatto nulla di sbagliato.
    .next = Attenda qualche minuto e riprovi.

provider-down =
    .title = L’accesso non risponde
    .what = Il servizio di accesso non è raggiungibile, o non ha dato una risposta valida. Non hai sbagliato nulla.
    .next = Aspetta un minuto, poi riprova.

refused =
    .title = Non puoi entrare in questa riunione
    .what = Hai effettuato l’accesso, ma questo account non è ammesso a questa riunione, o non a quest’ora.
    .next = Chiedi a chi ti ha invitato, o riprova con un altro account.

closed =
    .title = Ora nessuno può entrare in questa riunione
    .what = A quest’ora nessun accesso porta in questa riunione.
    .next = Controlla il nome e l’ora della riunione, o chiedi a chi ti ha invitato.

pass-unknown =
    .title = Questo invito non esiste
    .what = Il link non porta a nessun invito: forse ne manca una parte, o è terminato da tempo.
    .next = Apra il link così come l’ha ricevuto, o chieda a chi l’ha invitata.

pass-late =
    .title = Questo invito è terminato
    .what = Il tempo per cui era stato fatto è passato.
    .next = Ne chieda un altro a chi l’ha invitata.

pass-used-up =
    .title = Questo invito è esaurito
    .what = Sono già entrate tutte le persone previste.
    .next = Torni al browser con cui è entrato prima, o chieda a chi l’ha invitata.

pass-withdrawn =
    .title = Questo invito è stato ritirato
    .what = Chi lo ha fatto lo ha annullato.
    .next = Chieda a chi l’ha invitata.

pass-wait =
    .title = Troppi inviti sbagliati
    .what = Dalla sua rete sono stati aperti troppi link che non portano a nessun invito.
    .next = Attenda qualche minuto, poi apra il link così come l’ha ricevuto.

pass-down =
    .title = Al momento il suo invito non si può verificare
    .what = Ciò che ricordiamo degli inviti non è raggiungibile per il momento. Lei non ha fatto nulla di sbagliato.
    .next = Attenda un minuto, poi apra di nuovo il link.

no-sessions =
    .title = Al momento il tuo accesso non si può verificare
    .what = Ciò che ricordiamo degli accessi non è raggiungibile per il momento. Si può ancora entrare nelle riunioni dal loro link, accedendo ogni volta.
    .next = Aspetta un minuto, poi riprova.

not-recorded =
    .title = Al momento nessuno può essere ammesso
    .what = Ogni ingresso viene registrato e in questo momento la registrazione non è possibile.
    .next = Attenda un minuto, poi riprovi.

stale-form =
    .title = Questa pagina non è aggiornata
    .what = Hai effettuato l’accesso o l’uscita da quando è stata aperta, oppure la richiesta veniva da un altro sito, quindi non è stato fatto nulla.
    .next = Torna indietro, ricarica la pagina e riprova.

broken =
    .title = Qualcosa non ha funzionato da parte nostra
    .what = Non hai sbagliato nulla.
    .next = Riprova. Se succede ancora, avvisa l’amministratore.
