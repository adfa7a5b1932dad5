// What is served as /assets/idiomorph.js.
export { Idiomorph } from "idiomorph";
