// Written out, because the Pester tests compile this file by itself.
#nullable enable
#pragma warning disable IDE0005
using System;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Net;
using System.Security;

namespace PgEdgeUsers.Help.Tests.Harness;

/// <summary>A host whose user answers every question: gives a name, the same good password, and "yes".</summary>
public sealed class AnsweringHost : PSHost
{
    /// <summary>The name of a user who is not in the prepared file, for questions that ask for one.</summary>
    public const string NewName = "erin";

    /// <summary>The password of alice in the prepared file. It is good enough for a new one, too.</summary>
    public const string Password = "granite otter lantern 42";

    public override CultureInfo CurrentCulture { get; } = CultureInfo.GetCultureInfo("en-US");

    public override CultureInfo CurrentUICulture => CurrentCulture;

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override string Name => "Answering";

    public override PSHostUserInterface UI { get; } = new AnsweringUI();

    public override Version Version { get; } = new(1, 0);

    public static SecureString Secret(string text) => new NetworkCredential("", text).SecurePassword;

    public override void EnterNestedPrompt()
    {
    }

    public override void ExitNestedPrompt()
    {
    }

    public override void NotifyBeginApplication()
    {
    }

    public override void NotifyEndApplication()
    {
    }

    public override void SetShouldExit(int exitCode)
    {
    }

    private sealed class AnsweringUI : PSHostUserInterface
    {
        public override PSHostRawUserInterface? RawUI => null;

        public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) =>
            descriptions.ToDictionary(field => field.Name, field => field.ParameterTypeName == nameof(SecureString)
                ? new PSObject(Secret(Password))
                : new PSObject(NewName));

        public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice) => 0;

        public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
            new(string.IsNullOrEmpty(userName) ? "alice" : userName, Secret(Password));

        public override PSCredential PromptForCredential(
            string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) =>
            PromptForCredential(caption, message, userName, targetName);

        public override string ReadLine() => NewName;

        public override SecureString ReadLineAsSecureString() => Secret(Password);

        public override void Write(string value)
        {
        }

        public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value)
        {
        }

        public override void WriteDebugLine(string message)
        {
        }

        public override void WriteErrorLine(string value)
        {
        }

        public override void WriteLine(string value)
        {
        }

        public override void WriteProgress(long sourceId, ProgressRecord record)
        {
        }

        public override void WriteVerboseLine(string message)
        {
        }

        public override void WriteWarningLine(string message)
        {
        }
    }
}
