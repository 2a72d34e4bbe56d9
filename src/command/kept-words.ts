/**
 * English words that look like a slip of one of the lexicon's but are words of their own: they are never corrected.
 * Needed only where a word of the lexicon is one or two letters away.
 */
export const keptWords = `
late lately latest sale sales tale male plate slate date dates rate rates gate gateway fail fails failed failing mail nail sail trail meeting meet seeing being going coming having saying file files fine find found sound bound pound round kind mind wind pact fact tact act acts exact
able access activated active activities activity actual actually address advice advise affect after
agrees alarm alert alerts allow allowed allows alter altered another app's apple apples apply approach
approval approvals approve approved approver approvers arrange arrival arrow aspect assure attend
available azure back backed ball base based basis because bell bellow below bend best bill bite bits
black block blot blow book borrow bother breeze broken brother bugs bull burn bush byte cable cake call
called calls came canal cancel cancer captain captive case cash cast cause causes cell certain chair
chance chances change changed changer changes channel chapel charge charged checker checkout cheek
cheque chick chuck cite clash class clean cleaner clear clock close closed code codes coding collect
comfort connect connected contain contained container containers contains contend content contest
context cook cool correct count country county course court cover crash creative crime cure curtain
damage days dear decline declined deed deep defect defer define defined delete deleted dense dent deny
deserve device devices dilute direct directed directs disposal domain done dove dream drive driven dust
earn edit editor edits effect effort egress either eject elect email ended ends enough ensure even event
ever every everyone exact exactly excess exist exists exit expand expect expend expert experts export
exports express extend extended extent extra extract fair fake fall farce farm fear feed feel fell
fellow fill fire firewall flood floor flow focal follow food fool foot force forced forge forget fork
form format former forms fort fountain four free freed freeze friend from frozen full game gear gender
give given gold gone good graphic greeze ground group grouped guest hair hall hallow happy harm hear
heard heed held hell hello help here hire hour hours house hover image imaged imagine import important
imports improve improved improves inactivate indeed ingress inject injected input inputs insecure
inspect insure intend intended intent interview item items just keep kill lake land last learn learned
least legal lend lender lesson lest level lever life like likes limit limited limits line lines link
links list lists live lives local locale lock look looks love lover made mail main maintain make maker
manage managed manager measure mend minus minute minutes mirage mode model modern month more moth mother minds reminds
mountain mouse mouth move moved mover mull must name narrow native near neat need needed needs negative
neither nest nets network networking networks never news next node nodes none note notes notice null
object obscure obtain offer office often open opened orange other others outer outfit outlet output oven
over pack package packup page paid pair panel part parts party past peace perfect perfectly person piece
pill pillow place plain plan plane planet planned plans plant play plot pole poll pool port posh
positive pour prefect pressure preview price primate prime prison private privately process progress
project projects proposal protocol prove proved proven proxy public publicly publish published pull
pulled puller pulls pulse pure push pushed pusher puts quest range reactivate reactivated read ready
real really reason regress reject relative remain remains remote remotes removal remove removed render
renewal reply report reported reporter reports reproach republic reserve reserved respect rest reusable
revenue revere reverse revert review reviewed rewrite river root rooted rooter roots rough router routes
routine rush said same sand scream season secure secured security seed select sell send sender sent
serve server servers service services shadow shape shard share sharing sharp shave sheep ship shop shops
shore shot sick side site sites size skill skills sleep slit slop slots slow slut smart snap sneeze some
sorrow sour source spare speed spend spoken sport spot squeeze stable stack stage stages staging star
stare stark stars start state static station statue status statute stay steady steam stem step steps
stick still stock stop storage store stored stores strange stream strike string strong stuck study style
subject success suite supply support supported supports sure swallow sweet sword table tags take taken
tall team teams tell tells tend tender term terms tern test tests text their there thick thing things
think thinking though thought three through tick till time timer times tired title token tokens tomorrow
tone took tool tools torn total totals tough tour traffic tragic tree trend trick trough true trust
truth tune unable uncertain under undo undue unit united units unless unlock until usable useable used
user users uses usual valuable variable vent viable view viewed viewer views visit vnets vocal vote
votes wake wall wallow walls warm warn warning ways weak wear weather weed week weeks well were west
where whether white widow will willow window windows wire wired word work worked works world write
writer writes written wrote year years yellow your zone zones
cloud clouds world wold mould gould cold sold bold wound someones wouldst
complete completed incomplete corrected finals proper currents presents recent recently rights
abide accounts acknowledge activation additional additions advanced agent agree alone alpha alternative alternatives
among answers appropriately audio automate automated automation avoids aware bench bounds boxed brave briggs broker
cards carlos casing caused chars choices chomp chris clamp clause cleaned cleaning clearer collection collections
completes conditions conform connecting connector contexts continues convenient convention conventions corporation
created creates deactivation decisions decode decoded defines defining deleter denis denny described describes detail
determine determines develop developed developers direction directive discuss discussions displays downloaded
effectively effects emits endpoints ensures events exceeding exceptions exclusive exits expanding expired explains
externally externals falsy featured fills finishes finnish fired fires fixes forked fourth functional gives glide
goode goods gotchas graceful green greet guides handled handler handles hands handy hanging helps ideas identified
identifier identifiers identifies identify ignored ignores importing incidents inclusion inert infinity informational
informative instances instant integrate integrating integrations intel inter interaction interception intro issued
issuer iteration kevin kinds known knows launch leads lengths light listen listing literal literals loads logger login
logos lookups manages marking master mention miller minification minifying minors missed modifier modifiers monde
named names necessarily negatable newer nicer noes nonce notices obvious older opens operating operational operator
operators overrides pages parsed parses parsing paste patch patent paths paused pauses pausing peter pieces plays
points polling posts prefers prepared present prevents printf prints problems prop proto provider provides queued
queues realm redacting redirection refer regard rejection rejections released releases rely repeated replay resets
resources respectively responses restored results reuse reusing reversed robots roles rounds rule runtimes safer salt
save saved saves score seen selection selective serves shake shared shell ships showing shown signs simple singh sits
situation sizes skips snake snell sobre solve sort specs spell sprintf stale starter states steven stroke subset sweep
systemd systems tail tasks tech temporal terminal termination theme thin timed track trade trailing traversed
traversing tries typed typer types updater usages walks whale width wording worms yours assistant believed cells chaos
chats confirms consent decider decides directions doubled doubles drawn exemption expiry forbids forged greeting guid
guids halves hangs inspects journey lasts lease moments officer outcomes outsider outwards paged pain paint pasted
peers pinning polls readyz remembers reminders requester requesters reviews serviced settling shapes sheet simulated
simulator spends stake subnets terminals texts theirs tickets trusts understands
`;
