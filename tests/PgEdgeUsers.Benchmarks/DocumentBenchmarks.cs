using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using PgEdgeUsers.Core.UserFiles;
using YamlDotNet.Core;

namespace PgEdgeUsers.Benchmarks;

/// <summary>
/// Reading and editing the text of a user file, compared with a bare pass of the YAML parser's events over the same
/// text.
/// </summary>
[MemoryDiagnoser]
[MedianColumn]
public class DocumentBenchmarks
{
    private string _text = "";
    private UserDocument _document = UserDocument.Empty;

    /// <summary>How the server writes annotations of several kinds.</summary>
    public enum AnnotationStyle
    {
        /// <summary>Without quotes.</summary>
        Plain,

        /// <summary>In single quotes, with double quotes inside.</summary>
        Quoted,

        /// <summary>In double quotes, with escapes.</summary>
        Escaped,

        /// <summary>As a literal block of two lines.</summary>
        Block,
    }

    [Params(10_000, 100_000)]
    public int Users { get; set; }

    [ParamsAllValues]
    public AnnotationStyle Annotations { get; set; }

    /// <param name="args">Arguments of BenchmarkDotNet.</param>
    public static int Run(string[] args)
    {
        // In this process: a generated project would not build under this repository's rules.
        var config = DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
        return BenchmarkRunner.Run<DocumentBenchmarks>(config, args).HasCriticalValidationErrors ? 1 : 0;
    }

    [GlobalSetup]
    public void Setup()
    {
        var text = new StringBuilder("users:\n");
        for (var i = 0; i < Users; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"""
                    user{i:000000}:
                        username: user{i:000000}
                        password_hash: $2a$12$KTAiCFqQqCfwEZ93ApWafeWuSrc.oUrNvQK/YUHhuTJLM/URosa/W
                        created_at: 2025-12-23T15:26:41.123456789Z
                        last_login: null
                        enabled: true
                        annotation: {Annotation(i)}
                        failed_attempts: 0

                """);
        }

        _text = text.ToString();
        _document = UserDocument.Parse(_text);
    }

    [Benchmark(Baseline = true)]
    public int BareParser()
    {
        var events = 0;
        for (var parser = new Parser(new StringReader(_text)); parser.MoveNext(); events++)
        {
        }

        return events;
    }

    [Benchmark]
    public object Read() => UserDocument.Parse(_text);

    [Benchmark]
    public object EditOne() => Edit(1);

    [Benchmark]
    public object EditThousand() => Edit(1000);

    private string Annotation(int user) => Annotations switch
    {
        AnnotationStyle.Quoted => $"'Account {user}: team #3, \"generated\"'",
        AnnotationStyle.Escaped => $"\"Account {user}:\\tteam \\u00E9\\u2028\"",
        AnnotationStyle.Block => $"|-\n            Account {user}\n            team #3: generated",
        _ => $"Note for user {user}",
    };

    private UserDocument Edit(int count) =>
        ChangeSet.Apply(_document, Enumerable.Range(0, count).Select(i => new UpdateUser(
        string.Create(CultureInfo.InvariantCulture, $"user{i:000000}"), account =>
            account with { Annotation = "on call" }))).Edited;
}
