namespace Suite.Image.Registries;

/// <summary>What a caller proves to a registry with. Never logged: <see cref="ToString"/> tells nothing.</summary>
internal sealed record Credentials(string Username, string Password, string IdentityToken, string RegistryToken)
{
    public static Credentials Anonymous { get; } = new("", "", "", "");

    public bool HasPassword => Username.Length > 0 || Password.Length > 0;

    public override string ToString() => this == Anonymous ? "anonymous" : "credentials";
}
