import { describe, expect, it } from "vitest";
import { classifyFiles } from "../../../src/policy/diff/classify-files.ts";
import { declaredArea } from "../../../src/policy/diff/declared-scope.ts";
import { known } from "../../../src/policy/fact.ts";
import { scope } from "../../../src/policy/rules/scope.ts";
import { changed, check } from "./input.ts";

/**
 * Files with their changed lines; the area and the unrelated files that a reviewer of such a repository would
 * name.
 */
interface Layout {
  readonly files: Readonly<Record<string, number>>;
  readonly area: string;
  readonly unrelated?: readonly string[];
  readonly repository?: string;
}

const LAYOUTS: Readonly<Record<string, Layout>> = {
  "spread evenly over three components": {
    files: { "src/payments/a.ts": 62, "src/auth/b.ts": 61, "src/api/c.ts": 61 },
    area: "src/payments/",
    unrelated: ["src/api/c.ts", "src/auth/b.ts"],
  },
  "spread evenly over two components": {
    files: { "lib/payments/a.rb": 40, "lib/auth/b.rb": 40 },
    area: "lib/auth/",
    unrelated: ["lib/payments/a.rb"],
  },
  "deep inside one component": {
    files: {
      "src/payments/stripe/webhooks/verify.ts": 50,
      "src/payments/stripe/client.ts": 30,
      "src/payments/index.ts": 10,
    },
    area: "src/payments/",
  },
  "one component in three directories": {
    files: { "src/payments/stripe/a.ts": 30, "src/payments/paypal/b.ts": 30, "src/payments/common/c.ts": 30 },
    area: "src/payments/",
  },
  "an app of a monorepo with its tests": {
    files: {
      "apps/web/src/checkout/pay.ts": 60,
      "apps/web/src/lib/money.ts": 30,
      "apps/web/test/checkout/pay.test.ts": 90,
      "apps/web/package.json": 2,
    },
    area: "apps/web/",
  },
  "two packages of a monorepo": {
    files: { "packages/billing/src/a.ts": 60, "packages/auth/src/b.ts": 30 },
    area: "packages/billing/",
    unrelated: ["packages/auth/src/b.ts"],
  },
  "a service of a monorepo, and another one": {
    files: { "services/checkout/internal/pay/pay.go": 40, "services/users/internal/db/db.go": 35 },
    area: "services/checkout/",
    unrelated: ["services/users/internal/db/db.go"],
  },
  "Go: internal packages": {
    files: {
      "internal/payments/verify.go": 50,
      "internal/payments/verify_test.go": 70,
      "cmd/server/main.go": 25,
    },
    area: "internal/payments/",
    unrelated: ["cmd/server/main.go"],
  },
  "Java: packages by feature": {
    files: {
      "src/main/java/com/acme/shop/payments/Webhook.java": 40,
      "src/main/java/com/acme/shop/payments/stripe/Signature.java": 30,
      "src/main/java/com/acme/shop/users/User.java": 35,
      "src/test/java/com/acme/shop/payments/WebhookTest.java": 60,
    },
    area: "src/main/java/com/acme/shop/payments/",
    unrelated: ["src/main/java/com/acme/shop/users/User.java"],
  },
  "Java: packages by layer": {
    files: {
      "src/main/java/com/acme/shop/controller/PaymentController.java": 40,
      "src/main/java/com/acme/shop/service/PaymentService.java": 30,
      "src/main/java/com/acme/shop/repository/PaymentRepository.java": 10,
    },
    area: "src/main/java/com/acme/shop/",
  },
  "Kotlin: features of another organization": {
    files: {
      "app/src/main/kotlin/de/firma/kasse/zahlung/A.kt": 40,
      "app/src/main/kotlin/de/firma/kasse/anmeldung/B.kt": 40,
    },
    area: "app/src/main/kotlin/de/firma/kasse/anmeldung/",
    unrelated: ["app/src/main/kotlin/de/firma/kasse/zahlung/A.kt"],
  },
  "Maven modules": {
    files: {
      "payments/src/main/java/com/acme/payments/Hook.java": 40,
      "payments/src/test/java/com/acme/payments/HookTest.java": 90,
      "users/src/main/java/com/acme/users/User.java": 30,
    },
    area: "payments/",
    unrelated: ["users/src/main/java/com/acme/users/User.java"],
  },
  "Rails: one subject in its layers": {
    files: {
      "app/controllers/payments_controller.rb": 20,
      "app/models/payment.rb": 30,
      "app/views/payments/show.html.erb": 10,
      "app/jobs/payment_webhook_job.rb": 25,
      "spec/requests/payments_spec.rb": 60,
      "spec/models/payment_spec.rb": 40,
    },
    area: "app/models/",
  },
  "Rails: subjects beside each other": {
    files: {
      "app/controllers/payments_controller.rb": 30,
      "app/models/payment.rb": 30,
      "app/models/concerns/payments/refund.rb": 10,
      "app/controllers/users_controller.rb": 24,
      "app/jobs/newsletter_job.rb": 60,
    },
    area: "app/ (payment)",
    unrelated: ["app/controllers/users_controller.rb", "app/jobs/newsletter_job.rb"],
  },
  "Rails: spread over subjects": {
    files: {
      "app/models/payment.rb": 40,
      "app/models/user.rb": 30,
      "app/models/invoice.rb": 30,
      "spec/models/user_spec.rb": 30,
      "spec/models/payment_spec.rb": 30,
    },
    area: "app/ (payment)",
    unrelated: ["app/models/invoice.rb", "app/models/user.rb", "spec/models/user_spec.rb"],
  },
  Laravel: {
    files: {
      "app/Http/Controllers/PaymentController.php": 30,
      "app/Models/Payment.php": 20,
      "app/Console/Kernel.php": 25,
    },
    area: "app/Http/Controllers/",
    unrelated: ["app/Console/Kernel.php"],
  },
  "Django apps at the root": {
    files: {
      "payments/views.py": 30,
      "payments/models.py": 20,
      "payments/migrations/0007_retry.py": 25,
      "users/views.py": 30,
      "payments/tests/test_views.py": 60,
    },
    area: "payments/",
    unrelated: ["users/views.py"],
  },
  "one Python package that holds everything": {
    files: { "acme/payments/a.py": 30, "acme/auth/b.py": 25, "acme/api/c.py": 25 },
    area: "acme/payments/",
    unrelated: ["acme/api/c.py", "acme/auth/b.py"],
  },
  "one Python package with most in one part": {
    files: { "acme/payments/a.py": 90, "acme/auth/b.py": 25, "acme/api/c.py": 25 },
    area: "acme/payments/",
    unrelated: ["acme/api/c.py", "acme/auth/b.py"],
  },
  "a package named as the repository": {
    files: { "src/kamiyo/payments/a.py": 50, "src/kamiyo/auth/b.py": 30 },
    area: "src/kamiyo/payments/",
    unrelated: ["src/kamiyo/auth/b.py"],
  },
  "a package named much as the repository": {
    files: { "my_shop/payments/a.py": 50, "my_shop/auth/b.py": 30 },
    repository: "My-Shop",
    area: "my_shop/payments/",
    unrelated: ["my_shop/auth/b.py"],
  },
  "a flat package": {
    files: { "verify.py": 40, "client.py": 30, "test_verify.py": 50 },
    area: "/",
  },
  "a flat package below src": {
    files: { "src/verify.ts": 40, "src/client.ts": 30, "test/verify.test.ts": 50 },
    area: "src/",
  },
  "a component, and the file beside it at the root": {
    files: { "src/payments/verify.ts": 40, "src/server.ts": 30, "server.js": 25 },
    area: "src/payments/",
    unrelated: ["src/server.ts", "server.js"],
  },
  "Next.js": {
    files: {
      "app/(shop)/checkout/page.tsx": 40,
      "app/(shop)/checkout/form.tsx": 30,
      "app/(shop)/account/page.tsx": 25,
    },
    area: "app/(shop)/checkout/",
    unrelated: ["app/(shop)/account/page.tsx"],
  },
  "Next.js: a route that intercepts another": {
    files: { "app/(.)photo/large/page.tsx": 40, "app/(.)photo/small/page.tsx": 30, "app/feed/page.tsx": 20 },
    area: "app/(.)photo/",
    unrelated: ["app/feed/page.tsx"],
  },
  "a frontend by layers": {
    files: {
      "frontend/src/components/Checkout/Form.tsx": 40,
      "frontend/src/hooks/useCheckout.ts": 30,
      "frontend/src/pages/checkout.tsx": 25,
    },
    area: "frontend/src/components/",
  },
  "two components of one screen": {
    files: { "src/components/PaymentForm.tsx": 40, "src/components/CardInput.tsx": 30 },
    area: "src/components/",
  },
  "a frontend by features": {
    files: { "src/features/checkout/Form.tsx": 40, "src/features/profile/Form.tsx": 30 },
    area: "src/features/checkout/",
    unrelated: ["src/features/profile/Form.tsx"],
  },
  "Rust crates": {
    files: { "crates/billing/src/lib.rs": 40, "crates/auth/src/lib.rs": 30 },
    area: "crates/billing/",
    unrelated: ["crates/auth/src/lib.rs"],
  },
  "C#: projects beside each other": {
    files: { "src/Acme.Shop.Payments/Hook.cs": 40, "src/Acme.Shop.Users/User.cs": 30 },
    area: "src/Acme.Shop.Payments/",
    unrelated: ["src/Acme.Shop.Users/User.cs"],
  },
  "backend and frontend": {
    files: { "backend/payments/a.py": 40, "frontend/checkout/b.ts": 30 },
    area: "backend/payments/",
    unrelated: ["frontend/checkout/b.ts"],
  },
  "C with headers apart": {
    files: {
      "src/net/socket.c": 40,
      "include/net/socket.h": 50,
      "src/ui/window.c": 30,
      "include/ui/window.h": 25,
    },
    area: "src/net/",
    unrelated: ["include/ui/window.h", "src/ui/window.c"],
  },
  "iOS: a target and its tests": {
    files: {
      "Shop/Cart/CartView.swift": 40,
      "Shop/Cart/Cart.swift": 30,
      "ShopTests/Cart/TotalsTests.swift": 30,
    },
    area: "Shop/",
  },
  "a .NET solution": {
    files: {
      "Payments.Api/Controllers/HookController.cs": 40,
      "Payments.Api.Tests/SignatureTests.cs": 60,
      "Users.Api/Controllers/UserController.cs": 30,
    },
    area: "Payments.Api/",
    unrelated: ["Users.Api/Controllers/UserController.cs"],
  },
  Unity: {
    files: { "Assets/Scripts/Combat/Damage.cs": 40, "Assets/Scripts/Inventory/Bag.cs": 30 },
    area: "Assets/Scripts/Combat/",
    unrelated: ["Assets/Scripts/Inventory/Bag.cs"],
  },
  "Helm charts": {
    files: { "charts/payments/templates/a.yaml": 40, "charts/users/templates/a.yaml": 30 },
    area: "charts/payments/",
    unrelated: ["charts/users/templates/a.yaml"],
  },
  "Android: Gradle modules by feature": {
    files: {
      "feature/payments/src/main/java/com/acme/A.kt": 40,
      "feature/login/src/main/java/com/acme/B.kt": 30,
    },
    area: "feature/payments/",
    unrelated: ["feature/login/src/main/java/com/acme/B.kt"],
  },
  "an Elixir umbrella": {
    files: {
      "apps/billing/lib/billing/invoice.ex": 40,
      "apps/billing/test/invoice_test.exs": 30,
      "apps/accounts/lib/accounts/user.ex": 25,
    },
    area: "apps/billing/",
    unrelated: ["apps/accounts/lib/accounts/user.ex"],
  },
  Phoenix: {
    files: { "lib/shop/payments/charge.ex": 40, "lib/shop_web/controllers/user_controller.ex": 25 },
    area: "lib/shop/",
    unrelated: ["lib/shop_web/controllers/user_controller.ex"],
  },
  Nest: {
    files: {
      "src/payments/payments.controller.ts": 20,
      "src/payments/payments.service.ts": 30,
      "src/users/users.service.ts": 30,
    },
    area: "src/payments/",
    unrelated: ["src/users/users.service.ts"],
  },
  "Nx libraries": {
    files: {
      "libs/payments/feature/src/lib/a.ts": 30,
      "libs/payments/data-access/src/lib/b.ts": 30,
      "libs/users/feature/src/lib/c.ts": 30,
    },
    area: "libs/payments/",
    unrelated: ["libs/users/feature/src/lib/c.ts"],
  },
  Bazel: {
    files: {
      "java/com/acme/payments/Hook.java": 40,
      "javatests/com/acme/payments/HookTest.java": 40,
      "java/com/acme/users/User.java": 30,
    },
    area: "java/com/acme/payments/",
    unrelated: ["java/com/acme/users/User.java"],
  },
  Terraform: {
    files: { "modules/vpc/main.tf": 40, "modules/rds/main.tf": 30, "environments/prod/main.tf": 22 },
    area: "modules/vpc/",
    unrelated: ["environments/prod/main.tf", "modules/rds/main.tf"],
  },
  "Laravel modules": {
    files: {
      "Modules/Payment/Http/Controllers/PaymentController.php": 40,
      "Modules/User/Models/User.php": 30,
    },
    area: "Modules/Payment/",
    unrelated: ["Modules/User/Models/User.php"],
  },
  "Symfony bundles": {
    files: { "src/PaymentBundle/Hook.php": 40, "src/UserBundle/User.php": 30 },
    area: "src/PaymentBundle/",
    unrelated: ["src/UserBundle/User.php"],
  },
  "a Python namespace package": {
    files: { "src/acme/payments/a.py": 40, "src/acme/users/b.py": 30, "src/acme/api/c.py": 22 },
    area: "src/acme/payments/",
    unrelated: ["src/acme/api/c.py", "src/acme/users/b.py"],
  },
  "Flask blueprints": {
    files: { "app/payments/routes.py": 40, "app/auth/routes.py": 30 },
    area: "app/payments/",
    unrelated: ["app/auth/routes.py"],
  },
  "an R package": {
    files: { "R/verify.R": 40, "R/client.R": 30, "tests/testthat/test-verify.R": 30, "inst/shiny/app.R": 25 },
    area: "R/",
    unrelated: ["inst/shiny/app.R"],
  },
  "Android: a screen with its resources": {
    files: {
      "app/src/main/java/com/acme/shop/pay/PayActivity.kt": 30,
      "app/src/main/java/com/acme/shop/login/LoginActivity.kt": 20,
      "app/src/main/res/layout/activity_pay.xml": 12,
      "app/src/main/res/layout/activity_login.xml": 12,
      "app/src/main/res/values/strings.xml": 2,
      "feature/src/main/res/values/strings.xml": 2,
    },
    area: "app/src/main/java/com/acme/shop/pay/",
    unrelated: [
      "app/src/main/java/com/acme/shop/login/LoginActivity.kt",
      "app/src/main/res/layout/activity_login.xml",
      "feature/src/main/res/values/strings.xml",
    ],
  },
  "much code below src/testing": {
    files: { "src/payments/a.ts": 8, "src/testing/big.ts": 120 },
    area: "src/payments/",
    unrelated: ["src/testing/big.ts"],
  },
  "much code below tests/fixtures": {
    files: { "src/payments/a.ts": 8, "tests/fixtures/deploy.py": 120 },
    area: "src/payments/",
    unrelated: ["tests/fixtures/deploy.py"],
  },
  "helpers of tests": {
    files: {
      "packages/pay/src/a.ts": 8,
      "packages/test-utils/src/render.ts": 60,
      "src/mocks/handlers.ts": 60,
    },
    area: "packages/pay/",
    unrelated: ["packages/test-utils/src/render.ts", "src/mocks/handlers.ts"],
  },
  "nothing but helpers of tests": {
    files: { "src/testing/a.ts": 8, "src/testing/b.ts": 60 },
    area: "src/testing/",
  },
  "Go with vendored code": {
    files: { "pkg/pay/verify.go": 30, "vendor/github.com/x/y/z.go": 50 },
    area: "pkg/pay/",
    unrelated: ["vendor/github.com/x/y/z.go"],
  },
  "Spring: services side by side": {
    files: {
      "orders-service/src/main/java/com/acme/orders/web/OrderController.java": 20,
      "orders-service/src/main/resources/application.yml": 3,
      "orders-service/src/test/java/com/acme/orders/web/OrderControllerTest.java": 40,
      "users-service/src/main/java/com/acme/users/UserService.java": 15,
    },
    area: "orders-service/",
    unrelated: ["users-service/src/main/java/com/acme/users/UserService.java"],
  },
  "a Django app with its migrations and templates": {
    files: {
      "payments/views.py": 20,
      "payments/migrations/0012_x.py": 20,
      "payments/templates/payments/pay.html": 5,
      "payments/tests/test_views.py": 40,
    },
    area: "payments/",
  },
  "Swift packages": {
    files: {
      "Sources/Pay/Verify.swift": 30,
      "Tests/PayTests/VerifyTests.swift": 30,
      "Sources/Core/X.swift": 5,
    },
    area: "Sources/Pay/",
    unrelated: ["Sources/Core/X.swift"],
  },
  "Terraform: a module and an environment": {
    files: { "modules/vpc/main.tf": 12, "modules/vpc/variables.tf": 4, "environments/prod/main.tf": 2 },
    area: "modules/vpc/",
    unrelated: ["environments/prod/main.tf"],
  },
  Serverless: {
    files: { "functions/pay/handler.ts": 20, "functions/auth/handler.ts": 10 },
    area: "functions/pay/",
    unrelated: ["functions/auth/handler.ts"],
  },
  "Flutter features": {
    files: {
      "lib/features/pay/pay_page.dart": 20,
      "lib/features/login/login.dart": 10,
      "test/features/pay/pay_page_test.dart": 20,
    },
    area: "lib/features/pay/",
    unrelated: ["lib/features/login/login.dart"],
  },
  "sbt modules": {
    files: {
      "modules/pay/src/main/scala/acme/pay/Hook.scala": 20,
      "modules/pay/src/test/scala/acme/pay/HookSpec.scala": 20,
      "modules/auth/src/main/scala/acme/auth/A.scala": 9,
    },
    area: "modules/pay/",
    unrelated: ["modules/auth/src/main/scala/acme/auth/A.scala"],
  },
  "Java: a product with classes of its own": {
    files: {
      "src/main/java/com/acme/shop/payments/Webhook.java": 40,
      "src/main/java/com/acme/shop/users/User.java": 35,
      "src/main/java/com/acme/shop/App.java": 5,
    },
    area: "src/main/java/com/acme/shop/",
  },
  "Python's package below src, with files of other kinds": {
    files: {
      "src/shop/api/Makefile": 5,
      "src/shop/auth/b.py": 20,
      "src/shop/mail/c.py": 20,
      "src/shop/payments/a.py": 40,
    },
    area: "src/shop/payments/",
    unrelated: ["src/shop/api/Makefile", "src/shop/auth/b.py", "src/shop/mail/c.py"],
  },
  "a component of another language with a script": {
    files: {
      "src/payments/generate.py": 5,
      "src/payments/common/a.ts": 40,
      "src/payments/paypal/b.ts": 30,
      "src/payments/stripe/c.ts": 30,
    },
    area: "src/payments/",
  },
  "Angular: a feature in parts": {
    files: {
      "src/app/checkout/pay/pay.component.ts": 40,
      "src/app/checkout/form/form.component.ts": 30,
      "src/app/profile/profile.component.ts": 10,
    },
    area: "src/app/checkout/",
    unrelated: ["src/app/profile/profile.component.ts"],
  },
  "Angular: a library in parts": {
    files: { "src/app/lib/pay/card/a.ts": 40, "src/app/lib/pay/bank/b.ts": 30 },
    area: "src/app/lib/pay/",
  },
  "a directory with a remark in its name": {
    files: { "src/pay (old)/card/a.ts": 40, "src/pay (old)/bank/b.ts": 30 },
    area: "src/pay (old)/",
  },
  "Python: a component below src and another container": {
    files: { "src/lib/pay/a/1.py": 40, "src/lib/pay/b/2.py": 30, "src/lib/pay/c/3.py": 30 },
    area: "src/lib/pay/",
  },
  "Python: a component below another container than src": {
    files: { "lib/pay/a/1.py": 40, "lib/pay/b/2.py": 30, "lib/pay/c/3.py": 30 },
    area: "lib/pay/",
  },
  "tests of a name that every directory has": {
    files: { "src/payments/index.ts": 20, "src/admin/__tests__/index.test.ts": 30 },
    area: "src/payments/",
    unrelated: ["src/admin/__tests__/index.test.ts"],
  },
  "tests that mirror a part of a component": {
    files: { "src/payments/models/card.py": 20, "tests/models/test_other.py": 30 },
    area: "src/payments/",
  },
  "C with headers in inc": {
    files: { "src/net/socket.c": 40, "inc/net/other.h": 30, "inc/ui/window.h": 25 },
    area: "src/net/",
    unrelated: ["inc/ui/window.h"],
  },
  "helpers of tests, and more of the tests themselves": {
    files: { "src/testing/a.ts": 8, "tests/other/x.test.ts": 60 },
    area: "src/testing/",
    unrelated: ["tests/other/x.test.ts"],
  },
  "a package with two parts and files of its own": {
    files: { "shop/pay/a.py": 40, "shop/auth/b.py": 30, "shop/main.py": 10 },
    area: "shop/",
  },
  "a package with two parts and a library of its own": {
    files: { "shop/pay/a.py": 40, "shop/auth/b.py": 30, "shop/lib/c.py": 10 },
    area: "shop/pay/",
    unrelated: ["shop/auth/b.py", "shop/lib/c.py"],
  },
  "layers at the root": {
    files: { "controllers/pay.js": 40, "models/pay.js": 30, "lib/other/x.js": 20 },
    area: "controllers/",
    unrelated: ["lib/other/x.js"],
  },
  "layers below a directory that elsewhere is one": {
    files: {
      "services/controllers/pay_controller.rb": 40,
      "services/models/pay.rb": 30,
      "services/queue/job.rb": 20,
    },
    area: "services/controllers/",
    unrelated: ["services/queue/job.rb"],
  },
  "layers, and components beside them": {
    files: {
      "app/models/payment.rb": 40,
      "app/models/user.rb": 10,
      "lib/audit/a.rb": 30,
      "lib/mail/b.rb": 30,
    },
    area: "app/models/",
    unrelated: ["lib/audit/a.rb", "lib/mail/b.rb"],
  },
  "layers, and files beside them": {
    files: { "app/models/payment.rb": 40, "app/models/user.rb": 10, "app/boot.rb": 35 },
    area: "app/models/",
    unrelated: ["app/boot.rb"],
  },
  "layers of two applications": {
    files: { "app/models/payment.rb": 40, "app/models/user.rb": 10, "backend/models/order.rb": 35 },
    area: "app/models/",
    unrelated: ["backend/models/order.rb"],
  },
  "layers with half in one of three subjects": {
    files: { "app/models/payment.rb": 40, "app/models/user.rb": 20, "app/models/order.rb": 20 },
    area: "app/models/",
  },
  "layers with less than half in one of three subjects": {
    files: { "app/models/payment.rb": 39, "app/models/user.rb": 20, "app/models/order.rb": 20 },
    area: "app/ (payment)",
    unrelated: ["app/models/order.rb", "app/models/user.rb"],
  },
  "layers, and tests that name their subject or only their place": {
    files: {
      "app/models/payment.rb": 40,
      "app/controllers/payments_controller.rb": 10,
      "spec/billing/payments_spec.rb": 60,
      "spec/payments/users_spec.rb": 60,
    },
    area: "app/models/",
    unrelated: ["spec/payments/users_spec.rb"],
  },
  "tests of a module with a name of several words": {
    files: {
      "src/payments/stripe_webhook.py": 20,
      "tests/test_stripe_webhook_retries.py": 30,
      "tests/test_stripe_customers.py": 30,
    },
    area: "src/payments/",
    unrelated: ["tests/test_stripe_customers.py"],
  },
  "tests below a place that mirrors the end of the source's": {
    files: {
      "packages/core/src/net/http/client.ts": 20,
      "tests/net/http/retries/backoff.test.ts": 30,
      "tests/net/dns/lookup.test.ts": 30,
    },
    area: "packages/core/",
    unrelated: ["tests/net/dns/lookup.test.ts"],
  },
  "tests as deep as the sources": {
    files: {
      "src/main/java/com/acme/shop/payments/a/b/c/d/e/Pay.java": 20,
      "src/test/java/com/acme/shop/payments/a/b/c/d/e/OtherTest.java": 30,
    },
    area: "src/main/java/com/acme/shop/",
  },
  "half in one of three": {
    files: { "src/payments/a.ts": 51, "src/auth/b.ts": 25, "src/api/c.ts": 24 },
    area: "src/payments/",
    unrelated: ["src/api/c.ts", "src/auth/b.ts"],
  },
};

describe("the area in real layouts", () => {
  it.each(Object.entries(LAYOUTS))("%s", (_, { files, area, unrelated = [], repository = "kamiyo" }) => {
    const list = Object.entries(files).map(([path, lines]) => changed(path, lines));
    const finding = check(scope, {
      files: list,
      deployment: { dependencyFix: null },
      snapshot: { files: known(list), repository: { owner: "acme", name: repository } as never },
    });
    const named = (finding.data.files as readonly string[]).map((text) => text.replace(/ \([^()]*\)$/, ""));
    expect({ area: finding.data.area, unrelated: named.toSorted() }).toEqual({
      area: [area],
      unrelated: unrelated.toSorted(),
    });
  });
});

/** Which of three files a declared scope takes; or why it cannot be used. */
describe("a declared scope", () => {
  const files = ["src/payments/a.ts", "src/auth/b.ts", "payments/c.ts"].map((path) => changed(path));
  it.each<[string, readonly string[] | string]>([
    ["/src/payments/**", ["src/payments/a.ts"]],
    ["./src/payments", ["src/payments/a.ts"]],
    ["src\\payments\\**", ["src/payments/a.ts"]],
    ["src/payments/**/", ["src/payments/a.ts"]],
    ["payments", ["payments/c.ts"]],
    ["/src/**", "scope-too-wide"],
    ["src\\**", "scope-too-wide"],
    ["/**", "scope-too-wide"],
    ["//src/payments/**", "scope-too-wide"],
    ["SRC/**", "scope-too-wide"],
    ["src/?*/**", "scope-too-wide"],
    ["src/????????/**", "scope-too-wide"],
    ["src/payments*/**", "scope-too-wide"],
    ["**/payments/**", "scope-too-wide"],
    ["src/\u200b**", "scope-too-wide"],
    ["src/payments/../**", "scope-unusable"],
    ["src\\payments\\..\\**", "scope-unusable"],
    // Braces, negation and percent signs are letters: nothing has such a name. So is an s of Cyrillic.
    ["{src,lib}/**", []],
    ["!src/payments/**", []],
    ["%73rc/**", []],
    ["\u0455rc/**", []],
    ["././src/payments", ["src/payments/a.ts"]],
    ["src/payments//", ["src/payments/a.ts"]],
  ])("%j", (glob, expected) => {
    const area = declaredArea([glob], [], "kamiyo");
    const taken =
      typeof area === "string" ? area : files.map(({ path }) => path).filter((path) => area.covers(path));
    expect(taken).toEqual(expected);
  });

  it.each<[string, Readonly<Record<string, number>>, readonly string[] | string]>([
    ["src/*.ts", { "src/a.ts": 1, "src/pay/b.ts": 1 }, ["src/a.ts"]],
    ["src/payments/*", { "src/payments/a.ts": 1, "src/payments/stripe/b.ts": 1 }, ["src/payments/a.ts"]],
    ["src/payments/models/**", { "src/payments/models/a.ts": 1 }, ["src/payments/models/a.ts"]],
    ["app/models/payments/**", { "app/models/payments/a.rb": 1 }, ["app/models/payments/a.rb"]],
    ["app/models/pay*", { "app/models/payment.rb": 1, "app/models/user.rb": 1 }, ["app/models/payment.rb"]],
    ["app/models/p*", { "app/models/payment.rb": 1 }, "scope-too-wide"],
    ["app/models/*payment.rb", { "app/models/payment.rb": 1 }, "scope-too-wide"],
    ["src/main/java/com/acme/models/**", {}, "scope-too-wide"],
    ["src/shop/**", { "src/shop/a/1.py": 1, "src/shop/b/2.py": 1, "src/shop/c/3.py": 1 }, "scope-too-wide"],
    [
      "shop/**",
      { "shop/a/1.ts": 1, "shop/b/2.ts": 1, "api/3.ts": 1, "web/4.ts": 1 },
      ["shop/a/1.ts", "shop/b/2.ts"],
    ],
    [
      "src/shop/**",
      { "src/shop/a/Makefile": 1, "src/shop/b/2.py": 1, "src/shop/c/3.py": 1, "src/shop/d/4.py": 1 },
      "scope-too-wide",
    ],
    ["src/shop/**", { "src/shop/a/1.py": 1, "src/shop/b/2.py": 1 }, ["src/shop/a/1.py", "src/shop/b/2.py"]],
  ])("%s of %j", (glob, paths, expected) => {
    const list = Object.entries(paths).map(([path, lines]) => changed(path, lines));
    const area = declaredArea([glob], classifyFiles(list), "kamiyo");
    const taken =
      typeof area === "string" ? area : list.map(({ path }) => path).filter((path) => area.covers(path));
    expect(taken).toEqual(expected);
  });
});
