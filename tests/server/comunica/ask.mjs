// Asks an endpoint in the ways that Comunica has, and prints what it got as JSON.
import { QueryEngine } from "@comunica/query-sparql";

const [address, body] = process.argv.slice(2);
const label = "<http://www.w3.org/2004/02/skos/core#prefLabel>";
const engine = new QueryEngine();
const typed = { sources: [{ type: "sparql", value: address }] };
const rows = async (query, context) => {
  const found = await (await engine.queryBindings(query, context)).toArray();
  return found.map((each) => Object.fromEntries([...each].map(([name, term]) => [name.value, term.value])));
};
const local = { type: "serialized", value: `<${body}> <urn:p> "here" .`, mediaType: "text/turtle", baseIRI: "urn:x" };

const told = {
  select: await rows(`SELECT ?l { <${body}> ${label} ?l }`, typed),
  discovered: await rows(`SELECT ?l { <${body}> ${label} ?l }`, { sources: [address] }),
  ask: await engine.queryBoolean(`ASK { <${body}> ${label} ?l }`, typed),
  construct: (await (await engine.queryQuads(`CONSTRUCT WHERE { <${body}> ${label} ?l }`, typed)).toArray()).map(
    (quad) => quad.object.value,
  ),
  joined: await rows(`SELECT ?n ?l { ?o <urn:p> ?n . ?o ${label} ?l }`, { sources: [local, ...typed.sources] }),
};
console.log(JSON.stringify(told));
