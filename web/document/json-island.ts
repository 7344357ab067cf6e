/** JSON that may stand inside a <script> of any type: nothing in it can end the element or a line. */
export function islandJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029')
}

/** What the server put into `<script type="application/json" id=...>` of this page. Our own server wrote it: trusted. */
export function readIsland<T>(page: Document, id: string): T {
  const text = page.getElementById(id)?.textContent
  if (text === undefined || text === null) throw new Error(`The page has no data island named ${id}.`)
  return JSON.parse(text) as T
}
