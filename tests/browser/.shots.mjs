import { launch, newPage, phone, desktop } from "./site.mjs";
import { pathToFileURL } from "node:url";
const [out, ...paths] = process.argv.slice(2);
const browser = await launch({ atEnd() {} });
for (const [width, options] of [[1440, { viewport: { ...desktop, width: 1440 } }], [375, phone]]) for (const colorScheme of ["light", "dark"]) {
  if (process.env.ONLY && !process.env.ONLY.split(",").includes(`${width}-${colorScheme}`)) continue;
  const page = await newPage(browser, { ...options, colorScheme });
  page.on("console", (m) => console.log(m.type(), m.text())); page.on("pageerror", (e) => console.log("thrown", e.message));
  for (const p of paths) {
    const [name, path, sel, h] = p.split("=");
    await page.goto(pathToFileURL(path).href);
    await page.addStyleTag({ content: "* { content-visibility: visible !important } .top{position:static!important} .side{max-height:none!important}" });
    const y = sel ? await page.locator(sel).first().evaluate((e) => e.getBoundingClientRect().top + scrollY - 20) : 0;
    await page.screenshot({ path: `${out}/${name}-${width}-${colorScheme}.png`, fullPage: true, ...(h ? { clip: { x: 0, y, width, height: Number(h) } } : {}) });
  }
}
await browser.close();
