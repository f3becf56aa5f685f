// Unpacks the npm package's Chromium into TMPDIR and prints its path. Named so, it unpacks its libraries as well.
process.env.AWS_EXECUTION_ENV = "AWS_Lambda_nodejs22.x";
const { default: chromium } = await import("@sparticuz/chromium");
console.log(await chromium.executablePath());
