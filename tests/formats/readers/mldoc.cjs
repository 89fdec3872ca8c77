// What Logseq's parser reads: pages on standard input, parted by form feeds; CSL-JSON comes out.
// Authors and note are not in it: they are links, and an outline.
const { Mldoc } = require('mldoc')
const options = JSON.stringify({
  toc: false, parse_outline_only: false, heading_number: false, keep_line_break: true,
  format: 'Markdown', heading_to_list: false, exporting_keep_properties: false,
  inline_type_with_pos: false, inline_skip_macro: false, export_md_indent_style: 'dashes',
  export_md_remove_options: [], hiccup_in_block: true, enable_drawers: true,
})
const shown = ([kind, value]) => {
  if (kind === 'Link') return value.label.map(shown).join('') || value.full_text
  if (kind === 'Emphasis') return value[1].map(shown).join('')
  return kind === 'Break_Line' ? ' ' : typeof value === 'string' ? value : `<${kind}>`
}
const text = (inlines) => inlines.map(shown).join('').trim()
const pages = require('fs').readFileSync(0, 'utf8').split('\f')
console.log(JSON.stringify(pages.map((page) => {
  const blocks = JSON.parse(Mldoc.parseJson(page, options)).map(([block]) => block)
  const [kind, drawer] = blocks[0]
  const properties = kind === 'Property_Drawer' ? Object.fromEntries(drawer) : {}
  const task = blocks.find(([kind, value]) => kind === 'Heading' && value.marker)
  const quote = blocks.find(([kind]) => kind === 'Quote')
  return {
    title: task && text(task[1].title),
    issued: { 'date-parts': [(properties.published || '').split('-').filter(Boolean)] },
    DOI: properties.doi,
    keyword: (properties.tags || '').replace(/^paper(, )?/, ''),
    abstract: quote && quote[1].map(([, inlines]) => text(inlines)).join(' '),
  }
})))
