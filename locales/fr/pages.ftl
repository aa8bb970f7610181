reference = Numéro de référence
reference-hint = Indiquez ce numéro si vous demandez de l’aide.
meeting = Réunion
provider = Connexion
character = Non autorisé
address = Adresse
try-again = Réessayer
start-again = Recommencer
open-again = Ouvrez à nouveau le lien de votre réunion.
last-used = Utilisé la dernière fois
last-used-at = Dernière utilisation
somebody-else = Se connecter en tant que quelqu’un d’autre
log-out = Se déconnecter
log-out-everywhere = Se déconnecter partout
down = Ne répond pas pour le moment
support = Besoin d’aide ?

landing =
    .title = Votre réunion est à un clic
    .what = C’est ici que vous vous connectez aux réunions vidéo de votre organisation.
    .next = Ouvrez le lien de votre réunion, la suite se fait toute seule.
    .action = Aller au site des réunions

signed-in =
    .title = Vous êtes connecté
    .what = Le prochain lien de réunion s’ouvrira sans nouvelle connexion.
    .places = Où vous êtes connecté
    .unknown = Appareil inconnu
    .here = Ce navigateur
    .since = Depuis
    .end = Y fermer la session

logout =
    .title = Se déconnecter ?
    .what = Ensuite, le prochain lien de réunion vous demandera de vous connecter à nouveau.

relay =
    .title = Un instant
    .what = Votre connexion se termine.
    .onward = Vous allez à la page de connexion de votre organisation.
    .leaving = Votre déconnexion est en cours.
    .next = Si rien ne se passe, continuez ici.
    .action = Continuer

choose =
    .title = Comment voulez-vous vous connecter ?
    .what = Choisissez le compte que vous utilisez pour cette réunion.

choose-idp =
    .title = De quel établissement venez-vous ?
    .what = Nom de votre université, institut ou entreprise
    .action = Rechercher
    .none = Aucun établissement ne correspond. Essayez une autre partie de son nom.
    .more = Il y en a d’autres. Saisissez une partie du nom pour trouver le vôtre.

guest =
    .title = Quel est votre nom ?
    .what = Les autres participants verront le nom que vous saisissez ici.
    .action = Entrer en tant qu’invité
    .empty = Saisissez d’abord un nom.
    .long = Ce nom est trop long. Il peut avoir 50 caractères.
    .invisible = Ce nom contient un caractère invisible. Saisissez-le de nouveau.

pass =
    .title = Vous êtes invité à une réunion
    .early = La réunion n’est pas encore ouverte. Restez sur cette page : vous entrerez dès qu’elle le sera.
    .opens = Ouverture
    .ends = Fin
    .room = Dans quelle réunion voulez-vous entrer ?
    .no-room = Cette invitation n’est pas valable pour cette réunion.
    .login = Cette invitation demande de se connecter, pour que l’on sache qui entre.
    .log-in = Se connecter et entrer
    .action = Entrer dans la réunion
    .as = Vous entrez en tant que
    .calendar = Ajouter au calendrier
    .picture = Code QR de cette invitation

password =
    .title = Se connecter
    .what = Utilisez le nom et le mot de passe du compte de votre organisation.
    .name = Nom d’utilisateur
    .secret = Mot de passe
    .action = Se connecter
    .empty = Saisissez votre nom d’utilisateur et votre mot de passe.
    .wrong = Le nom d’utilisateur ou le mot de passe n’est pas correct. Après de nombreux essais, un compte peut être bloqué un moment.
    .wait = Trop d’essais. Attendez { $minutes ->
        [one] une minute
       *[other] { $minutes } minutes
    }, puis réessayez.
    .caps = Le verrouillage des majuscules est activé.

no-page =
    .title = Il n’y a pas de page ici
    .what = Cette adresse ne mène nulle part.
    .next = Ouvrez à nouveau le lien de votre réunion, ou demandez-le à la personne qui vous a invité.

wrong-method =
    .title = Ce n’est pas possible ici
    .what = Cette adresse existe, mais pas pour ce que votre navigateur lui a demandé.
    .next = Ouvrez à nouveau le lien de votre réunion.

bad-request =
    .title = Le lien est abîmé
    .what = Il manque quelque chose dans l’adresse, ou quelque chose y est trop long ou en double.
    .next = Ouvrez à nouveau le lien de votre réunion. S’il vient d’un message, vérifiez qu’il a été copié en entier.

bad-room =
    .title = Ce nom de réunion ne peut pas être utilisé
    .what = Le nom de la réunion contient un caractère qui n’y est pas permis.
    .next = Demandez un autre lien à la personne qui vous a invité, ou choisissez un nom fait de lettres, de chiffres et de traits d’union.

spaced-room =
    .title = Ce nom de réunion ne peut pas être utilisé
    .what = Le nom de la réunion commence ou finit par une espace, ou en contient deux de suite.
    .next = Demandez un autre lien à la personne qui vous a invité, ou retirez ces espaces.

empty-room =
    .title = Le lien ne nomme aucune réunion
    .what = Le nom de la réunion manque à la fin de l’adresse.
    .next = Vérifiez que le lien a été copié en entier, ou demandez-le à la personne qui vous a invité.

long-room =
    .title = Ce nom de réunion est trop long
    .what = Un nom de réunion ne peut pas être aussi long.
    .next = Demandez un autre lien à la personne qui vous a invité, ou choisissez un nom plus court.

bad-settings =
    .title = Le lien est abîmé
    .what = Les réglages de la réunion contenus dans le lien sont illisibles, ou trop nombreux.
    .next = Ouvrez à nouveau la réunion depuis sa propre page.

no-provider =
    .title = Cette connexion n’existe pas
    .what = Le lien demande un moyen de connexion qui n’est pas proposé ici.
    .next = Ouvrez à nouveau le lien de votre réunion.

lost =
    .title = Votre connexion s’est perdue en chemin
    .what = Vous êtes de retour, mais ce navigateur n’a plus la connexion commencée. Elle est peut-être déjà terminée, ou a commencé dans une autre fenêtre ou un autre navigateur.
    .next = Recommencez ici, et restez dans cette fenêtre jusqu’à votre entrée dans la réunion.

lost-again =
    .title = Votre navigateur ne garde pas la connexion
    .what = La connexion s’est perdue deux fois de suite ; recommencer ne suffira donc pas. La cause est en général l’une de celles-ci :
    .cookies = Les cookies sont bloqués. Autorisez-les pour ce site : il en faut un jusqu’à votre entrée dans la réunion.
    .private = Une fenêtre privée ou une extension les efface. Essayez dans une fenêtre ordinaire.
    .host = La connexion a commencé sous une autre adresse. Pendant la connexion, la barre d’adresse doit montrer celle indiquée plus bas.
    .browser = Le lien s’est ouvert à l’intérieur d’une autre application. Ouvrez-le plutôt dans votre navigateur.
    .clock = L’horloge de votre appareil est fausse. Mettez-la à l’heure.
    .next = Ouvrez ensuite à nouveau le lien de votre réunion.

expired =
    .title = Cela a pris trop de temps
    .what = Une connexion doit être terminée en { $minutes ->
        [one] une minute
       *[other] { $minutes } minutes
    }, et celle-ci ne l’a pas été.
    .next = Rien n’est perdu : recommencez ici.

expired-again =
    .title = Cela a encore pris trop de temps
    .what = Deux connexions de suite n’ont pas été terminées à temps.
    .next = Quand vous serez prêt à vous connecter, ouvrez à nouveau le lien de votre réunion.

not-yours =
    .title = Cette réponse appartient à une autre connexion
    .what = Ce qui est revenu ne correspond à aucune connexion commencée par ce navigateur, et n’a donc pas été utilisé.
    .next = Si vous avez suivi un lien que quelqu’un vous a envoyé, fermez cette page. Pour entrer dans une réunion, ouvrez son propre lien.

cancelled =
    .title = Vous n’êtes pas connecté
    .what = La connexion a été annulée ou refusée.
    .next = Vous pouvez réessayer, avec un autre compte si vous en avez un.

not-admitted =
    .title = Ce compte n’est pas accepté ici
    .what = Vous vous êtes connecté, mais seuls les comptes de certaines organisations sont acceptés.
    .next = Réessayez avec le compte de votre organisation, ou adressez-vous à la personne qui vous a invité.

password-to-change =
    .title = Votre mot de passe doit d’abord être changé
    .what = Votre mot de passe est correct, mais il a expiré, ou il vous a été remis pour être changé.
    .next = Changez-le là où votre organisation le permet, puis réessayez.

account-disabled =
    .title = Ce compte ne peut pas être utilisé maintenant
    .what = Votre mot de passe est correct, mais le compte est désactivé, a expiré ou ne vaut pas à cette heure.
    .next = Adressez-vous à votre administrateur, ou réessayez avec un autre compte.

untrusted =
    .title = Votre connexion n’a pas pu être confirmée
    .what = La réponse du service de connexion n’a pas passé toutes les vérifications, et n’a donc pas été utilisée.
    .next = Réessayez. Si cela se reproduit, dites-le à votre administrateur.

turned-away =
    .title = La connexion est mal configurée
    .what = Le service de connexion ne connaît pas ce site, ou ne l’accepte pas. Vous n’y êtes pour rien.
    .next = Dites-le à votre administrateur ; tant que ce n’est pas corrigé, réessayer n’aidera pas.

sign-on-first =
    .title = Passez d’abord par la connexion de votre organisation
    .what = Vous êtes connecté, mais une organisation ne montre ses membres qu’après sa propre authentification unique.
    .next = Connectez-vous à votre organisation auprès du service de connexion, autorisez-y l’accès à ce site, puis réessayez.

too-many-calls =
    .title = Trop de connexions en ce moment
    .what = Le service de connexion n’accepte plus de demandes de ce site pour l’instant. Vous n’avez rien fait de mal.
    .next = Attendez quelques minutes, puis réessayez.

provider-down =
    .title = La connexion ne répond pas
    .what = Le service de connexion est injoignable, ou n’a pas donné de réponse correcte. Vous n’y êtes pour rien.
    .next = Attendez une minute, puis réessayez.

refused =
    .title = Vous ne pouvez pas entrer dans cette réunion
    .what = Vous êtes connecté, mais ce compte n’est pas admis dans cette réunion, ou pas à cette heure.
    .next = Adressez-vous à la personne qui vous a invité, ou réessayez avec un autre compte.

closed =
    .title = Personne ne peut entrer dans cette réunion maintenant
    .what = À cette heure, aucune connexion ne donne accès à cette réunion.
    .next = Vérifiez le nom et l’heure de la réunion, ou adressez-vous à la personne qui vous a invité.

pass-unknown =
    .title = Cette invitation n’existe pas
    .what = Le lien ne mène à aucune invitation : il en manque peut-être une partie, ou elle a pris fin depuis longtemps.
    .next = Ouvrez le lien tel que vous l’avez reçu, ou adressez-vous à la personne qui vous a invité.

pass-late =
    .title = Cette invitation a pris fin
    .what = La période pour laquelle elle était prévue est passée.
    .next = Demandez-en une autre à la personne qui vous a invité.

pass-used-up =
    .title = Cette invitation est épuisée
    .what = Le nombre d’entrées prévu est atteint.
    .next = Reprenez le navigateur avec lequel vous êtes déjà entré, ou adressez-vous à la personne qui vous a invité.

pass-withdrawn =
    .title = Cette invitation a été retirée
    .what = La personne qui l’a créée l’a reprise.
    .next = Adressez-vous à la personne qui vous a invité.

pass-wait =
    .title = Trop d’invitations erronées
    .what = Trop de liens ne menant à aucune invitation ont été ouverts depuis votre réseau.
    .next = Attendez quelques minutes, puis ouvrez le lien tel que vous l’avez reçu.

pass-down =
    .title = Votre invitation ne peut pas être retrouvée pour l’instant
    .what = Ce que nous gardons des invitations est momentanément inaccessible. Vous n’avez rien fait de mal.
    .next = Attendez une minute, puis ouvrez le lien de nouveau.

no-sessions =
    .title = Votre connexion ne peut pas être retrouvée pour l’instant
    .what = Ce que nous gardons des connexions est momentanément inaccessible. On peut toujours entrer dans les réunions par leur lien, en se connectant à chaque fois.
    .next = Attendez une minute, puis réessayez.

not-recorded =
    .title = Personne ne peut entrer pour l’instant
    .what = Chaque entrée est enregistrée, et cet enregistrement est momentanément impossible.
    .next = Attendez une minute, puis réessayez.

stale-form =
    .title = Cette page n’est plus à jour
    .what = Vous vous êtes connecté ou déconnecté depuis son ouverture, ou la demande venait d’un autre site : rien n’a été fait.
    .next = Revenez en arrière, rechargez la page et réessayez.

broken =
    .title = Quelque chose n’a pas marché de notre côté
    .what = Vous n’y êtes pour rien.
    .next = Réessayez. Si cela se reproduit, dites-le à votre administrateur.
