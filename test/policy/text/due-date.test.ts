import { describe, expect, it } from "vitest";
import { dueDateOf } from "../../../src/policy/text/due-date.ts";

describe("the due date of an action item", () => {
  it.each([
    "Alert – @ada – 2025-10-20",
    "2025/10/20",
    "2025.10.20",
    "2025. 10. 20.",
    "2025-10-20T12:00Z",
    "20.10.2025",
    "20. 10. 2025",
    "20/10/2025",
    "10/20/2025",
    "20-Oct-2025",
    "October 20th, 2025",
    "Oct. 20, 2025",
    "20th of October 2025",
    "20. Oktober 2025",
    "20 octobre 2025",
    "20 de octubre de 2025",
    "20 de outubro de 2025",
    "20 ottobre 2025",
    "20 oktober 2025",
    "20. října 2025",
    "20 października 2025",
    "20 октября 2025",
    "20 жовтня 2025",
    "2025. október 20.",
    "2025年10月20日",
    "2025년 10월 20일",
    "2025-10-20 (20 Oct 2025)",
    "2025\u201110\u201120",
    "2025\u201310\u201320",
    "2025 / 10 / 20",
    "2025-Oct-20",
    "2025 October 20",
    "٢٠٢٥-١٠-٢٠",
    "２０２５／１０／２０",
    "20 Ekim 2025",
    "20 octombrie 2025",
    "20. lokakuuta 2025",
  ])("%j", (text) => expect(dueDateOf(text)).toBe("2025-10-20"));

  it.each([
    "",
    "10/11/2025",
    "2025-02-30",
    "31.04.2025",
    "October 20th",
    "next Friday",
    "Q4 2025",
    "October 2025",
    "2025-10-20 or 2025-10-27",
    "16 octets 2025",
    "10.20.2025",
    "20 listopad 2025",
  ])("%j is none, or not one", (text) => expect(dueDateOf(text)).toBeNull());

  it("05/05/2025 is one in either order", () => expect(dueDateOf("05/05/2025")).toBe("2025-05-05"));
});
