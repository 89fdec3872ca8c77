"""English words that are in texts on any topic: they count, but are no reason to say aloud."""

from typing import Final

_WORDS: Final = """
.com abilities ability about above according accordingly achieve achieved achieves achieving across
add added adding addition additional additionally address addresses adopt aforementioned after again
against aim aims al all allow allowing allows almost along alongside already also alternative
although always am among amount amounts an analyze and another any appear applicable applied apply
applying approach approaches appropriate are area argue argued argues as aspect aspects assess
assessed assessing associated assume at available average avoid back based baseline baselines be
because become been before being below beneficial benefit benefits best better between beyond bi
both bring brings broad broadening broader build building builds built but by called can cannot
capabilities capability capable capture captures carefully case cases categories cause certain
challenge challenges challenging change changes clear close co com combination combine combined
combines come common commonly comparable compare compared comparison competitive complete
comprehensive comprise comprises comprising conduct conducted consider considered considering
consist consistent consistently consisting consists contain containing contains contribution
contributions core correct corresponding costly could create cross crucial current currently de
define defined demonstrate demonstrated demonstrates demonstrating derive derived describe despite
detailed develop developed developing development did different difficult directly discover discuss
diverse do does done down driven due during each easier easily easy effective effectively
effectiveness efficiency efficient efficiently eg either emerge emerged empirical empirically employ
employing employs enable enabled enables enabling encourage end enhance enhanced enhances enhancing
entire era especially establish et etc evaluate evaluated evaluating even every example excel excels
exhibit exhibits existing expected experiment experimental experimentally experiments explain
explicit explicitly exploit exploiting exploits exploration explore explored exploring extend
extensive extremely fact fail far faster few fewer final finally find finding findings finds first
five focus focused focuses focusing followed following follows for form former formulate formulated
found four framework frameworks from full fully fundamental further furthermore gain gains gap gaps
general generally get github give given gives giving go good great greater greatly had handle hard
has have having he help helps hence here high higher highest highlight highlights highly hold holds
how however http https hundreds idea identify identifying ie if ii iii illustrate impact implement
implemented important importantly impressive improve improved improvement improvements improves
improving in include included includes including incorporate incorporates incorporating increase
increased increases increasing increasingly indeed indicate individual input inputs insight insights
inspired instead inter interest interesting into intra introduce introduced introduces introducing
investigate involve involves io is issue issues it iteratively its itself iv just keep key known
lack large larger largest last latter lead leading leads least less level leverage leverages
leveraging like likely limit limitation limitations limited little ll lot low lower made main
maintain maintaining maintains major make makes making manner many massive may me mean meaningful
means might more moreover most motivated much multi multiple must my namely natural naturally near
nearly necessary need needed needs neither never nevertheless new next no non not notable notably
note novel now number numbers numerous observe observed observes observing obtain obtained obtaining
of offer offering offers often on once one ones only onto or order org original other others our out
outperform outperforming outperforms over overall overcome own paper papers part particular
particularly past per perform performance performing performs phenomenon play plays poor popular
possible potential potentially practical practice pre prefer presence present presented presents
prevent previous previously primarily problem problems procedure produce produced produces producing
progress promise promises promising propose proposed proposes prove proven provide provided provides
providing publicly purpose put quickly quite raise range rapid rapidly rather re real recent
recently reduce reduced reduces reducing regarding related relative relatively relevant rely relying
remain remains remarkable report reported require required requirements requires requiring research
respectively result resulting results reveal reveals role said same scenario scenarios scope
seamlessly second see seek seeks seen self semi serve serves serving setting settings several should
show showed showing shown shows significant significantly similar similarly simple simply
simultaneously since single six small smaller so solely some special specific specifically steps
still strong studied studies study sub substantial substantially success successful successfully
such suffer suffers sufficient suggest suggesting suggests suitable superior surpass surpasses
surpassing systematic systematically take takes technique techniques ten tend term terms than that
the their them themselves then there thereby therefore these they third this those though three
through throughout thus times to together too top toward towards traditional true try two typical
typically un under underlying understand unique unlike unseen until up upon us use used useful uses
using usually valuable varied variety various vary varying vast ve verify versatile very via vs want
was way ways we well were what whatever when where whereas whereby whether which while who whole
whose why wide widely will with within without work works would www yet yield yields you zero
"""
PLAIN_WORDS: Final = frozenset(_WORDS.split())
