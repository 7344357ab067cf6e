import { renderDocument } from '../document/document.tsx'

export interface ShownParameter {
  readonly name: string
  readonly place: 'path' | 'query' | 'header'
  readonly description: string
  /** JSON schema, in one line. */
  readonly schema: string
}

export interface ShownAnswer {
  readonly status: string
  readonly description: string
  readonly schemas: readonly string[]
  /** What it is where it is not JSON. */
  readonly type?: string
}

export interface ShownOperation {
  readonly id: string
  readonly method: string
  readonly path: string
  readonly summary: string
  readonly description?: string
  readonly who: string
  readonly parameters: readonly ShownParameter[]
  readonly body?: ShownAnswer
  readonly answers: readonly ShownAnswer[]
  readonly problems: readonly string[]
}

export interface ShownPart {
  readonly name: string
  readonly description: string
  readonly operations: readonly ShownOperation[]
}

export interface ReferencePage {
  readonly version: string
  readonly parts: readonly ShownPart[]
  readonly problems: readonly {
    readonly code: string
    readonly status: number
    readonly title: string
    readonly retry: boolean
  }[]
  /** JSON, by name. */
  readonly schemas: readonly { readonly name: string; readonly json: string; readonly example?: string }[]
}

/** The reference of the API, a whole document: it is read without JavaScript and loads nothing from elsewhere. */
export function renderReferencePage({ version, parts, problems, schemas }: ReferencePage): string {
  return renderDocument({
    title: 'Dateline API',
    description: 'Every route of Dateline, what it takes and what it answers.',
    language: 'en',
    styles: 'reference',
    children: (
      <>
        <header class="bar">
          <div class="bar-inside">
            <a class="brand" href="/">
              Dateline
            </a>
            <nav class="views" aria-label="Documents">
              <a href="/openapi.json">OpenAPI</a>
              <a href="/asyncapi.json">AsyncAPI</a>
            </nav>
          </div>
        </header>
        <main class="reference">
          <h1>Dateline API {version}</h1>
          <p>
            The same as documents for tools: <a href="/openapi.json">OpenAPI 3.1</a> of HTTP, and{' '}
            <a href="/asyncapi.json">AsyncAPI 3</a> of sockets and event streams.
          </p>
          <nav aria-label="Contents">
            <ul class="contents">
              {parts.map(({ name }) => (
                <li key={name}>
                  <a href={`#${anchorOf(name)}`}>{name}</a>
                </li>
              ))}
              <li>
                <a href="#problems">Problems</a>
              </li>
              <li>
                <a href="#schemas">Schemas</a>
              </li>
            </ul>
          </nav>
          {parts.map(part => (
            <Part key={part.name} part={part} />
          ))}
          <section aria-labelledby="problems">
            <h2 id="problems">Problems</h2>
            <p>Every way to be refused (RFC 9457). Where a retry helps, the same request may succeed later.</p>
            <table>
              <thead>
                <tr>
                  <th scope="col">Problem</th>
                  <th scope="col">Status</th>
                  <th scope="col">Title</th>
                  <th scope="col">A retry helps</th>
                </tr>
              </thead>
              <tbody>
                {problems.map(({ code, status, title, retry }) => (
                  <tr key={code} id={`problem-${code}`}>
                    <th scope="row">
                      <code>{code}</code>
                    </th>
                    <td>{status}</td>
                    <td>{title}</td>
                    <td>{retry ? 'yes' : 'no'}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
          <section aria-labelledby="schemas">
            <h2 id="schemas">Schemas</h2>
            {schemas.map(({ name, json, example }) => (
              <details key={name} id={`schema-${name}`}>
                <summary>{name}</summary>
                {example === undefined ? null : <Json title="Example" json={example} />}
                <Json title="JSON Schema" json={json} />
              </details>
            ))}
          </section>
        </main>
      </>
    ),
  })
}

function Part({ part: { name, description, operations } }: { part: ShownPart }) {
  return (
    <section aria-labelledby={anchorOf(name)}>
      <h2 id={anchorOf(name)}>{name}</h2>
      <p>{description}</p>
      {operations.map(operation => (
        <Operation key={operation.id} operation={operation} />
      ))}
    </section>
  )
}

function Operation({ operation }: { operation: ShownOperation }) {
  const { id, method, path, summary, description, who, parameters, body, answers, problems } = operation
  return (
    <article id={id}>
      <h3>
        {summary}{' '}
        <code class="route">
          <b>{method}</b> {path}
        </code>
      </h3>
      {description === undefined ? null : <p>{description}</p>}
      <p class="who">For {who}.</p>
      <dl>
        {parameters.map(({ name, place, description: meaning, schema }) => (
          <div key={`${place} ${name}`}>
            <dt>
              <code>{name}</code> <span class="place">{place}</span>
            </dt>
            <dd>
              {meaning} <code class="schema">{schema}</code>
            </dd>
          </div>
        ))}
        {body === undefined ? null : <AnswerLine answer={body} />}
        {answers.map(answer => (
          <AnswerLine key={answer.status} answer={answer} />
        ))}
        <div>
          <dt>Problems</dt>
          <dd>
            {problems.map((code, i) => (
              <span key={code}>
                {i === 0 ? '' : ', '}
                <a href={`#problem-${code}`}>{code}</a>
              </span>
            ))}
          </dd>
        </div>
      </dl>
    </article>
  )
}

function AnswerLine({ answer: { status, description, schemas, type } }: { answer: ShownAnswer }) {
  return (
    <div>
      <dt>{status}</dt>
      <dd>
        {description}{' '}
        {schemas.map((name, i) => (
          <span key={name}>
            {i === 0 ? '' : ' or '}
            <a href={`#schema-${name}`}>{name}</a>
          </span>
        ))}
        {type === undefined ? null : <code>{type}</code>}
      </dd>
    </div>
  )
}

function Json({ title, json }: { title: string; json: string }) {
  return (
    <>
      <h3>{title}</h3>
      <pre>
        <code>{json}</code>
      </pre>
    </>
  )
}

function anchorOf(name: string): string {
  return `part-${name.toLowerCase().replaceAll(' ', '-')}`
}
