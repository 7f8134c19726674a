using System.Net.Http.Headers;
using System.Text;
using Suite.Testing.Files;

namespace Suite.Registry.Tests.Access;

/// <summary>A password file with a few users, whose password is their name and a dot. Cost 4 is bcrypt's least.</summary>
internal static class Users
{
    public static string Line(string name) => $"{name}:{BCrypt.Net.BCrypt.HashPassword(name + ".", 4)}\n";

    public static string File(TempFolder folder, params string[] names) => folder.File("users", string.Concat(names.Select(Line)));

    public static (string Name, string Value) Basic(string name, string? password = null) =>
        ("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{password ?? name + "."}")));

    public static (string Name, string Value) Bearer(string token) => ("Authorization", new AuthenticationHeaderValue("Bearer", token).ToString());

    public static void LogIn(this RunningRegistry registry, string name) =>
        registry.Http.DefaultRequestHeaders.Authorization = AuthenticationHeaderValue.Parse(Basic(name).Value);
}
