using Microsoft.Playwright;
using Suite.Testing.Files;
using Suite.Testing.Requirements;
using Suite.Testing.Services;
using static Microsoft.Playwright.Assertions;

namespace Suite.E2e.Tests.Registry;

/// <summary>What the page looks like to those who see it on a phone, in the dark or not at all, and to those who must log in.</summary>
public sealed class RegistryPageLookTests
{
    // The colour behind a text is that of the nearest element that paints one. Luminance and contrast: WCAG 2.2.
    private const string LeastContrast = """
        () => {
          const parse = text => text.match(/[\d.]+/g).map(Number);
          const light = ([r, g, b]) => [r, g, b].map(c => c / 255).map(c => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4).reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
          const behind = element => { for (let e = element; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c.length === 3) return c; } return [255, 255, 255]; };
          let least = [99, ""];
          for (const element of document.querySelectorAll("body *")) {
            const text = [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
            if (!text || !element.checkVisibility() || element.closest(".hidden, .skip, noscript, .bar")) continue;
            const [a, b] = [light(parse(getComputedStyle(element).color)), light(behind(element))].sort((x, y) => y - x);
            const ratio = (a + .05) / (b + .05);
            if (ratio < least[0]) least = [ratio, element.textContent];
          }
          return least[0];
        }
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [RootFact(Needs = Need.Executables | Need.Browser)]
    public async Task It_fits_a_phone_can_be_read_in_both_colours_and_every_control_has_a_name()
    {
        using var folder = new TempFolder(InstanceName.OfCaller());
        await using var registry = new RegistryProcess(folder.FullName);
        await registry.StartAsync(Cancellation);
        await Pushes.PushImageAsync(registry.Http, "a-team-with-a-long-name/and-a-repository-with-a-longer-one", "a-tag-that-is-rather-long-2026.01.02", "layer", Cancellation);
        await using var browser = await Browser.StartAsync(InstanceName.OfCaller());
        var page = browser.Page;
        foreach (var (width, scheme) in new[] { (360, ColorScheme.Light), (360, ColorScheme.Dark), (1200, ColorScheme.Light) })
        {
            await page.SetViewportSizeAsync(width, 780);
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            foreach (var hash in new[] { "#/", "#/r/a-team-with-a-long-name/and-a-repository-with-a-longer-one", "#/r/a-team-with-a-long-name/and-a-repository-with-a-longer-one:a-tag-that-is-rather-long-2026.01.02", "#/r/none" })
            {
                await page.GotoAsync($"http://{registry.Host}/{hash}");
                await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveCountAsync(1);
                Assert.False(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"), $"{hash} is wider than {width}");
                Assert.True(await page.EvaluateAsync<double>(LeastContrast) >= 4.5, $"{hash} has a text that is hard to read in {scheme}");
                Assert.Equal(0, await page.EvaluateAsync<int>(
                    "[...document.querySelectorAll('button, a, input')].filter(e => !(e.textContent.trim() || e.ariaLabel || e.labels?.length)).length"));
            }
        }

        await page.GetByRole(AriaRole.Button, new() { Name = "Dark colours" }).ClickAsync();
        await page.ReloadAsync();
        Assert.Equal("dark", await page.EvaluateAsync<string>("document.documentElement.dataset.theme"));
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Skip to content" })).ToBeFocusedAsync();
    }

    [RootTheory(Needs = Need.Executables | Need.Browser)]
    [InlineData("access:tokens=true")]
    [InlineData("access:tokens=false")]
    public async Task Who_must_log_in_is_asked_by_the_page_itself(string setting)
    {
        using var folder = new TempFolder(InstanceName.OfCaller());
        // "ann" with the password "secret", by `htpasswd -nbB -C 4`.
        var users = folder.File("users", "ann:$2y$04$l4hTPxkc9xYN3TSdnbu6IuPYyhysLz31QU882GG795./1ZkxjaEuK\n");
        await using var registry = new RegistryProcess(folder.FullName, "access:users=" + users, setting);
        await registry.StartAsync(Cancellation);
        await using var browser = await Browser.StartAsync(InstanceName.OfCaller());
        var page = browser.Page;
        await page.GotoAsync($"http://{registry.Host}/");
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = "Log in" }).ClickAsync();
        await page.GetByLabel("User name").FillAsync("ann");
        await page.GetByLabel("Password").FillAsync("wrong");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("user name or password is wrong");
        await page.GetByLabel("Password").FillAsync("secret");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Nothing here yet");
        await page.ReloadAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Log out ann" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Please log in");
    }
}
