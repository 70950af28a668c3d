// schema/*.json (made from the Rust types, and held current by a test there) → src/types.ts.
// `--check` only says whether the file is current.
import { readFile, readdir, writeFile } from "node:fs/promises";

const schemas = new URL("../../../schema/", import.meta.url);
const out = new URL("../src/types.ts", import.meta.url);

/** All wire types beside each other: schemas repeat what they share. */
async function definitions() {
  const all = {};
  for (const file of (await readdir(schemas)).filter((f) => f.endsWith(".json")).sort()) {
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

const text = [
  "// Made from schema/ by `npm run types`: do not edit.\n",
  ...(await definitions()).map(declaration),
].join("\n");

if (process.argv.includes("--check")) {
  if (text !== (await readFile(out, "utf8").catch(() => ""))) {
    console.error("src/types.ts is not what schema/ says: npm run types");
    process.exit(1);
  }
} else {
  await writeFile(out, text);
}
