// What the parser of Better BibTeX reads: BibTeX on standard input; CSL-JSON comes out.
const { dirname, join } = require('path')
const root = dirname(dirname(dirname(require.resolve('@retorquere/bibtex-parser'))))
import(join(root, 'dist/esm/index.js')).then(({ parse }) => {
  const { entries } = parse(require('fs').readFileSync(0, 'utf8'))
  const name = ({ name, prefix, lastName, firstName, suffix }) => name
    ? { literal: name }
    : { given: firstName, 'non-dropping-particle': prefix, family: lastName, suffix }
  console.log(JSON.stringify(entries.map(({ key, fields }) => ({
    id: key,
    title: fields.title,
    author: (fields.author || []).map(name),
    issued: fields.year && { 'date-parts': [[Number(fields.year), Number(fields.month)]] },
    DOI: fields.doi,
    abstract: fields.abstract,
    keyword: fields.keywords && fields.keywords.join(', '),
    note: fields.annote
  }))))
})
