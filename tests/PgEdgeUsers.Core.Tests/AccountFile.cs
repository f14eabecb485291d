using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.Passwords;
using PgEdgeUsers.Core.Tests.Storage;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Core.Tests;

/// <summary>A user file with alice, who can sign in with <see cref="Password"/>, in a folder of its own.</summary>
internal sealed class AccountFile : IDisposable
{
    public const string Password = "tides under seven lanterns";

    private const int CheapCost = 4;

    /// <summary>A hash of <see cref="Password"/> that costs nearly nothing to check.</summary>
    public static readonly string Hash = PasswordHash.Create(Store.Secure(Password), CheapCost);

    private readonly TestFolder _folder = new();

    public AccountFile()
    {
        File = new UserFile(Path) { NoWait = true };
        Add("alice");
    }

    public string Path => _folder.File;

    public UserFile File { get; }

    public string SessionsPath => Path + ".sessions.json";

    public string AuditPath => Path + ".audit.jsonl";

    public UserAccount Alice => Find("alice");

    public UserAccount Find(string name) => File.Read().Find(name)!;

    public void Add(string name, string? hash = null, bool enabled = true, int failedAttempts = 0) =>
        Change(new AddUser(new UserAccount(name)
    {
        DisplayName = name,
        PasswordHash = hash ?? Hash,
        CreatedAt = new DateTime(2025, 1, 2, 3, 4, 5, DateTimeKind.Utc),
        Enabled = enabled,
        FailedAttempts = failedAttempts,
    }));

    public void Update(string name, Func<UserAccount, UserAccount> update) => Change(new UpdateUser(name, update));

    public void Change(UserChange change) => Assert.Null(File.Update([change]).Results[0].Failure);

    public void Dispose() => _folder.Dispose();
}
