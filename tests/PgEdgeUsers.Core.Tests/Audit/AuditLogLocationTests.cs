using PgEdgeUsers.Core.Audit;
using PgEdgeUsers.Core.Tests.Storage;
using PgEdgeUsers.Core.UserFiles;

namespace PgEdgeUsers.Core.Tests.Audit;

/// <summary>Which audit file a user file has.</summary>
[Collection(EnvironmentTests.Name)]
public sealed class AuditLogLocationTests : IDisposable
{
    private readonly EnvironmentScope _environment = new();
    private readonly TestFolder _folder = new();
    private readonly UserFile _users;

    public AuditLogLocationTests()
    {
        _users = new UserFile(_folder.WriteUsers());
        _environment.Set(AuditLog.Variable, null);
    }

    public void Dispose()
    {
        _environment.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void The_audit_file_is_next_to_the_user_file_unless_another_is_named() =>
        Assert.Equal(_folder["users.yaml.audit.jsonl"], AuditLog.For(_users, asked: null)!.Path);

    [Fact]
    public void The_environment_names_another_audit_file_and_a_requested_one_takes_precedence()
    {
        _environment.Set(AuditLog.Variable, _folder["set.jsonl"]);

        Assert.Equal(_folder["set.jsonl"], AuditLog.For(_users, asked: null)!.Path);
        Assert.Equal(_folder["asked.jsonl"], AuditLog.For(_users, _folder["asked.jsonl"])!.Path);
    }

    [Theory]
    [InlineData("off")]
    [InlineData("OFF")]
    public void The_environment_turns_auditing_off_unless_an_audit_file_is_requested(string setting)
    {
        _environment.Set(AuditLog.Variable, setting);

        Assert.Null(AuditLog.For(_users, asked: null));
        Assert.Equal(_folder["asked.jsonl"], AuditLog.For(_users, _folder["asked.jsonl"])!.Path);
    }

    [Fact]
    public void Without_a_user_file_only_a_named_audit_file_is_used()
    {
        Assert.Null(AuditLog.For(userFile: null, asked: null));

        var named = AuditLog.For(userFile: null, _folder["asked.jsonl"])!;
        named.Append([AuditLog.Now(AuditEventKind.SignIn, "alice", true, "", "mcp.example.org")]);

        Assert.Equal("alice", Assert.Single(named.Read()).User);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".lock")]
    [InlineData(".sessions.json")]
    [InlineData(".history.jsonl")]
    [InlineData(".audit.jsonl.lock")]
    public void The_user_file_and_its_other_sidecar_files_cannot_be_the_audit_file(string suffix)
    {
        var failure = Assert.Throws<PgEdgeUsersException>(() => AuditLog.For(_users, _users.Path + suffix));

        Assert.Equal(FailureKind.AuditFailed, failure.Kind);
    }

    [Fact]
    public void The_audit_file_next_to_the_user_file_can_be_requested()
    {
        var path = _folder["users.yaml.audit.jsonl"];

        Assert.Equal(path, AuditLog.For(_users, path)!.Path);
    }
}
