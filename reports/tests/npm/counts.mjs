// SPDX-License-Identifier: Apache-2.0
// counts.mjs NPM FILE... - what the readers of CI systems make of JUnit documents
//
// NPM is a folder with node_modules. One line for each reader and document:
//     READER FILE TESTS PASSED FAILED SKIPPED
// Whole programs are asked where npm carries them. Two GitHub actions are on no registry: their
// XML library is asked, and their rule of what counts as failed is written here in our words
// (the first sees no nested suite and lets a failure win; the second lets skipped win).
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import path from "node:path";

const [, , folder, ...files] = process.argv;
const modules = path.resolve(folder, "node_modules");
const require = createRequire(path.join(modules, "x.js"));
const load = (name) => import(pathToFileURL(path.join(modules, name)).href);

const list = (value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]);

// Outcomes of cases: "passed", "failed", "skipped".
const tally = (outcomes) => {
	const count = (word) => outcomes.filter((outcome) => outcome === word).length;
	return [outcomes.length, count("passed"), count("failed"), count("skipped")];
};

const xml2js = require("xml2js");
const xmlJs = require("xml-js");
const results = require("test-results-parser");
const { parse: toJson } = await load("junit2json/dist/esm/index.js");
const { default: viewerSuites } = await load("xunit-viewer/src/cli/get-suites.js");

const readers = {
	"xunit-viewer": async (file, text) => {
		const logger = { error: String, file: String };
		const suites = await viewerSuites(logger, [{ file, contents: text }]);
		const words = { failure: "failed", error: "failed", skipped: "skipped", passed: "passed" };
		return tally(
			Object.values(suites.suites).flatMap((suite) =>
				Object.values(suite.tests).map((test) => words[test.status] ?? "unknown")));
	},
	"test-results-parser": async (file) => {
		const words = { FAIL: "failed", SKIP: "skipped", PASS: "passed" };
		const { suites } = results.parse({ type: "junit", ignore_error_count: false, files: [file] });
		return tally(suites.flatMap((suite) => suite.cases.map((one) => words[one.status])));
	},
	junit2json: async (file, text) => {
		const document = await toJson(text);
		return tally(
			list(document.testsuite).flatMap((suite) =>
				list(suite.testcase).map((one) =>
					one.failure || one.error ? "failed" : one.skipped ? "skipped" : "passed")));
	},
	"dorny/test-reporter": async (file, text) => {
		const document = await xml2js.parseStringPromise(text);
		return tally(
			list(document.testsuites.testsuite).flatMap((suite) =>
				list(suite.testcase).map((one) =>
					one.failure || one.error ? "failed" : one.skipped ? "skipped" : "passed")));
	},
	"mikepenz/action-junit-report": async (file, text) => {
		const document = xmlJs.xml2js(text, { compact: true });
		const inside = (suite) => [...list(suite.testcase), ...list(suite.testsuite).flatMap(inside)];
		return tally(
			list(document.testsuites.testsuite).flatMap(inside).map((one) =>
				one.skipped ? "skipped" : one.failure || one.error ? "failed" : "passed"));
	},
};

for (const file of files) {
	const text = readFileSync(file, "utf8");
	for (const [name, read] of Object.entries(readers))
		console.log(name, path.basename(file), ...(await read(file, text)));
}
