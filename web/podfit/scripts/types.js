// schema/*.json (made from the Rust types, and held current by a test there) → src/types.ts and src/vocabulary.ts.
// `--check` only says whether the files are current.
import { readFile, readdir, writeFile } from "node:fs/promises";

const schemas = new URL("../../../schema/", import.meta.url);
const WORDS = "vocabulary.json";

/** All wire types beside each other: schemas repeat what they share. */
async function definitions() {
  const all = {};
  for (const file of (await readdir(schemas)).filter((f) => f.endsWith(".json") && f !== WORDS).sort()) {
    const { $schema, $defs, title, ...type } = JSON.parse(await readFile(new URL(file, schemas), "utf8"));
    Object.assign(all, $defs, { [title]: type });
  }
  return Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** A description as a comment; examples are in Rust, and left out. */
function comment(schema, indent) {
  const text = (schema.description ?? "").replace(/\s*```[^]*?```/g, "").replaceAll("*/", "* /");
  if (!text) return "";
  const lines = text.split("\n");
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`;
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}`.trimEnd()).join("\n")}\n${indent} */\n`;
}

function type(schema, indent = "") {
  if (schema === true) return "unknown";
  if (schema.$ref) return schema.$ref.replace("#/$defs/", "");
  if ("const" in schema) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((v) => JSON.stringify(v)).join(" | ");
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices) return choices.map((choice) => type(choice, indent)).join(" | ");
  if (schema.allOf?.length === 1) return type(schema.allOf[0], indent);
  const types = [schema.type].flat().map((name) => single(name, schema, indent));
  return types.join(" | ");
}

function single(name, schema, indent) {
  switch (name) {
    case "integer":
    case "number":
      return "number";
    case "string":
    case "boolean":
    case "null":
      return name;
    case "array": {
      const item = schema.items === undefined ? "unknown" : type(schema.items, indent);
      return /[ |]/.test(item) ? `(${item})[]` : `${item}[]`;
    }
    case "object":
      return object(schema, indent);
    default:
      throw new Error(`no TypeScript for ${JSON.stringify(schema)}`);
  }
}

function object(schema, indent) {
  const { properties, additionalProperties: others, required = [] } = schema;
  if (!properties) {
    return `Record<string, ${typeof others === "object" ? type(others, indent) : "unknown"}>`;
  }
  const inner = `${indent}  `;
  const fields = Object.entries(properties).map(([key, field]) => {
    const optional = required.includes(key) ? "" : "?";
    return `${comment(field, inner)}${inner}${key}${optional}: ${type(field, inner)};\n`;
  });
  return `{\n${fields.join("")}${indent}}`;
}

function declaration([name, schema]) {
  return `${comment(schema, "")}export type ${name} = ${type(schema)};\n`;
}

const types = [
  "// Made from schema/ by `npm run types`: do not edit.\n",
  ...(await definitions()).map(declaration),
].join("\n");

/** The words that options take, to choose from. The first of each list is the default. */
async function vocabulary() {
  const words = JSON.parse(await readFile(new URL(WORDS, schemas), "utf8"));
  const list = (values) => `[\n${values.map((v) => `  ${JSON.stringify(v)},\n`).join("")}] as const`;
  const of = (about, name, type, values) =>
    `/** ${about}; the first is the default. */\nexport const ${name} = ${list(values)};\n` +
    (type ? `export type ${type} = (typeof ${name})[number];\n` : "");
  const meanings = (about, name, type, words) => {
    const lines = words.map((w) => ` * - \`${w.name}\`: ${w.meaning.replaceAll("*/", "* /")}\n`).join("");
    const plain = of(about, name, type, words.map((w) => w.name));
    return plain.replace(`/** ${about}; the first is the default. */`, `/**\n * ${about}; the first is the default.\n *\n${lines} */`);
  };
  return [
    "// Made from schema/ by `npm run types`: do not edit.\n",
    `/** Gathers what podfit reads of a cluster. */\nexport const KUBECTL = ${JSON.stringify(words.kubectl)};\n`,
    of("Kinds of requests", "QUESTIONS", "Question", words.questions),
    meanings("How nodes are lost", "MODES", undefined, words.modes),
    meanings("Which solvers may be asked", "SOLVERS", "Solver", words.solvers),
    meanings("Forms of output", "FORMATS", "Format", words.formats),
    of("Kinds of workloads that a podfit/v1 document takes", "WORKLOAD_KINDS", "WorkloadKind", words.workloadKinds),
    `/** A model of the edge device. */
export interface DeviceModel {
  /** As in \`device.model\` of a podfit/v1 document. */
  name: string;
  /** What the vendor calls it. */
  title: string;
  /** Numbers of GPU cards that it is sold with, the default first. */
  gpus: readonly number[];
}
/** Models of the edge device. */
export const MODELS: readonly DeviceModel[] = ${JSON.stringify(words.models, null, 2)};
`,
  ].join("\n");
}

let stale = false;
for (const [file, text] of [
  ["types.ts", types],
  ["vocabulary.ts", await vocabulary()],
]) {
  const out = new URL(`../src/${file}`, import.meta.url);
  if (!process.argv.includes("--check")) {
    await writeFile(out, text);
  } else if (text !== (await readFile(out, "utf8").catch(() => ""))) {
    console.error(`src/${file} is not what schema/ says: npm run types`);
    stale = true;
  }
}
if (stale) process.exit(1);
