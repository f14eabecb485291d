using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.Passwords;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Core.Tests;

/// <summary>A user file for tests of the core: alice, who may sign in, and whoever a test adds.</summary>
internal sealed class AccountFile : IDisposable
{
    public const string Password = "tides under seven lanterns";

    private const int CheapCost = 4;

    /// <summary>A hash of <see cref="Password"/> that costs nearly nothing to check.</summary>
    public static readonly string Hash = PasswordHash.Create(Store.Secure(Password), CheapCost);

    private readonly string _folder = Directory.CreateTempSubdirectory("pgedge-sessions-").FullName;

    public AccountFile()
    {
        Path = System.IO.Path.Combine(_folder, "users.yaml");
        File = new UserFile(Path) { NoWait = true };
        Add("alice");
    }

    public string Path { get; }

    public UserFile File { get; }

    public string SessionsPath => Path + ".sessions.json";

    public string AuditPath => Path + ".audit.jsonl";

    public UserAccount Alice => Find("alice");

    public UserAccount Find(string name) => File.Read().Find(name)!;

    public void Add(string name, string? hash = null, bool enabled = true, int failedAttempts = 0) => Change(new AddUser(new UserAccount(name)
    {
        DisplayName = name,
        PasswordHash = hash ?? Hash,
        CreatedAt = new DateTime(2025, 1, 2, 3, 4, 5, DateTimeKind.Utc),
        Enabled = enabled,
        FailedAttempts = failedAttempts,
    }));

    public void Update(string name, Func<UserAccount, UserAccount> update) => Change(new UpdateUser(name, update));

    public void Change(UserChange change) => Assert.Null(File.Update([change]).Results[0].Failure);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
