// SPDX-License-Identifier: Apache-2.0
// schema.mjs NPM SCHEMA FILE... - every FILE under the JSON schema, by ajv; NPM has node_modules
//
// Beyond the schema: the words that OSCAL's metaschema lists and its JSON schema leaves open, and
// that every uuid that is referred to is there. One line a fault, exit 1 where there was any.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import path from "node:path";

const [, , folder, schema, ...files] = process.argv;
const require = createRequire(path.resolve(folder, "node_modules", "x.js"));
const { default: Ajv } = require("ajv");
const { default: addFormats } = require("ajv-formats");

const ajv = new Ajv({ strict: false, allErrors: false, validateSchema: false });
addFormats(ajv);
const validate = ajv.compile(JSON.parse(readFileSync(schema, "utf8")));

const words = {
	methods: ["EXAMINE", "INTERVIEW", "TEST", "UNKNOWN"],
	types: ["ssp-statement-issue", "control-objective", "mitigation", "finding", "discovery", "historic"],
	state: ["satisfied", "not-satisfied", "operational"],
	reason: ["pass", "fail", "other"],
	status: ["open", "investigating", "remediating", "deviation-requested", "deviation-approved", "closed"],
};
const made = new Set();
const wanted = new Set();
const faults = [];

const walk = (value, key) => {
	if (Array.isArray(value)) {
		if (words[key] && !value.every((word) => words[key].includes(word)))
			faults.push(`${key}: ${value}`);
		value.forEach((one) => walk(one, key));
	} else if (value && typeof value === "object") {
		Object.entries(value).forEach(([name, inner]) => walk(inner, name));
	} else if (typeof value === "string") {
		if (key === "uuid" && made.has(value)) faults.push(`uuid twice: ${value}`);
		if (key === "uuid") made.add(value);
		if (key.endsWith("-uuid")) wanted.add(value);
		if (key === "href" && value.startsWith("#")) wanted.add(value.slice(1));
		if (words[key] && !words[key].includes(value)) faults.push(`${key}: ${value}`);
	}
};

let bad = 0;
for (const file of files) {
	const document = JSON.parse(readFileSync(file, "utf8"));
	[made, wanted].forEach((set) => set.clear());
	faults.length = 0;
	if (!validate(document))
		faults.push(...validate.errors.map((e) => `${e.instancePath} ${e.message}`));
	walk(document, "");
	wanted.forEach((uuid) => made.has(uuid) || faults.push(`refers to nothing: ${uuid}`));
	if (faults.length) console.log(`${path.basename(file)}: ${faults.slice(0, 3).join("; ").slice(0, 400)}`);
	bad += faults.length > 0;
}
process.exit(bad ? 1 : 0);
