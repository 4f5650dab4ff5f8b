// Go's tabwriter, with the widths that the Atlas CLI gives it (least 6, padding 3): cells end with a tab, a column is a
// run of lines that have a cell there, and what follows the last tab of a line is left as it is.

const leastWidth = 6
const padding = 3

export function tabColumns(text: string): string {
  if (!text.includes('\t')) return text
  const lines = text.split('\n').map((line) => line.split('\t'))
  const hasCell = (line: number, column: number): boolean => (lines[line]?.length ?? 0) > column + 1
  const widthAt = (line: number, column: number): number => {
    let first = line
    while (hasCell(first - 1, column)) first -= 1
    let width = leastWidth
    for (let at = first; hasCell(at, column); at += 1) {
      width = Math.max(width, (lines[at]?.[column]?.length ?? 0) + padding)
    }
    return width
  }
  const widths = new Map<string, number>()
  const padded = (cell: string, line: number, column: number): string => {
    if (!hasCell(line, column)) return cell
    // One run of lines has one width: what the line above was given holds here too.
    const width = widths.get(`${line - 1} ${column}`) ?? widthAt(line, column)
    widths.set(`${line} ${column}`, width)
    return cell.padEnd(width)
  }
  return lines.map((cells, line) => cells.map((cell, column) => padded(cell, line, column)).join('')).join('\n')
}
