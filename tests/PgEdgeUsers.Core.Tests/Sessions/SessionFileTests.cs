using PgEdgeUsers.Core.Sessions;
using PgEdgeUsers.Core.Tests.Storage;

namespace PgEdgeUsers.Core.Tests.Sessions;

/// <summary>An invalid sessions file is rejected as a whole.</summary>
public sealed class SessionFileTests : IDisposable
{
    private readonly AccountFile _file = new();
    private readonly SessionStore _store;

    public SessionFileTests() => _store = new SessionStore(_file.File);

    public void Dispose() => _file.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"version\":1}")]
    [InlineData("{\"version\":1,\"sessions\":null}")]
    [InlineData("{\"version\":1,\"sessions\":{}}")]
    [InlineData("{\"version\":1,\"sessions\":[null]}")]
    [InlineData("{\"version\":1,\"sessions\":[{}]}")]
    [InlineData("{\"version\":2,\"sessions\":[]}")]
    [InlineData(
        "{\"version\":1,\"sessions\":[{\"id\":\"0123abcd\",\"username\":\"alice\",\"token_hash\":\"x\","
            + "\"password_stamp\":\"y\",\"issued_at\":\"2026-01-01T00:00:00\","
            + "\"expires_at\":\"2096-01-01T00:00:00\"}]}")]
    [InlineData(
        "{\"version\":1,\"sessions\":[{\"id\":\"0123abcd\",\"username\":\"alice\",\"token_hash\":null,"
            + "\"password_stamp\":\"y\",\"issued_at\":\"2026-01-01T00:00:00Z\","
            + "\"expires_at\":\"2096-01-01T00:00:00Z\"}]}")]
    [InlineData(
        "{\"version\":1,\"sessions\":[{\"id\":\"\\u001b[31mred\",\"username\":\"alice\",\"token_hash\":\"x\","
            + "\"password_stamp\":\"y\",\"issued_at\":\"2026-01-01T00:00:00Z\","
            + "\"expires_at\":\"2096-01-01T00:00:00Z\"}]}")]
    public void A_damaged_file_is_rejected_as_a_whole_and_left_unchanged(string text)
    {
        File.WriteAllText(_file.SessionsPath, text);
        Machine.SetMode(_file.SessionsPath, 0x180);

        Action[] uses = [() => _store.Read(), () => _store.Find(SessionToken.Create()), () =>
            _store.End(_ => true), Begin];

        Assert.All(uses, AssertDamaged);
        Assert.Equal(text, File.ReadAllText(_file.SessionsPath));
    }

    [Fact]
    public void Every_prefix_of_a_valid_file_is_rejected()
    {
        Begin();
        var text = File.ReadAllBytes(_file.SessionsPath);

        for (var length = 0; length < text.Length; length++)
        {
            File.WriteAllBytes(_file.SessionsPath, text[..length]);
            Assert.Throws<PgEdgeUsersException>(_store.Read);
        }
    }

    [LinuxFact]
    public void A_file_that_is_larger_than_any_sessions_file_is_rejected_without_reading_it()
    {
        Begin();
        using (var file = File.OpenWrite(_file.SessionsPath))
            file.SetLength(5L * 1024 * 1024 * 1024);

        AssertDamaged(() => _store.Read());
    }

    [Fact]
    public void A_folder_of_that_name_is_a_damaged_file()
    {
        Directory.CreateDirectory(_file.SessionsPath);

        Assert.Equal(FailureKind.SessionFileInvalid, Assert.Throws<PgEdgeUsersException>(_store.Read).Kind);
    }

    private static void AssertDamaged(Action use)
    {
        var failure = Assert.Throws<PgEdgeUsersException>(use);

        Assert.Equal(FailureKind.SessionFileInvalid, failure.Kind);
        Assert.Contains("is damaged or has another version", failure.Message, StringComparison.Ordinal);
    }

    private void Begin() => _store.Begin(_file.Alice, SessionToken.Create(), SessionToken.Lifetime, maxSessions: 10);
}
