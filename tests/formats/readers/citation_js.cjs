// What citation-js reads: a file on standard input, its format as the argument; CSL-JSON comes out.
const { Cite } = require('@citation-js/core')
require('@citation-js/plugin-bibtex')
require('@citation-js/plugin-ris')
require('@citation-js/plugin-csl')
const text = require('fs').readFileSync(0, 'utf8')
const items = new Cite(text, { forceType: process.argv[2] }).data
console.log(JSON.stringify(items.map(({ _graph, ...item }) => item)))
