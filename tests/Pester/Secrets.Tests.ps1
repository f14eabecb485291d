# Passwords and tokens appear nowhere but where they were asked for.

BeforeAll {
    . $PSScriptRoot/common.ps1
    . $PSScriptRoot/server.ps1

    # A secret and whatever else would give it away.
    function Get-Form([string] $Secret) {
        $utf8 = [System.Text.Encoding]::UTF8.GetBytes($Secret)
        $Secret
        $Secret.Substring(0, 12)
        $Secret.Substring($Secret.Length - 12)
        [uri]::EscapeDataString($Secret)
        [Convert]::ToBase64String($utf8).TrimEnd('=')
        [Convert]::ToHexString($utf8)
        [Convert]::ToHexString([System.Text.Encoding]::Unicode.GetBytes($Secret))
        (ConvertTo-Json $Secret -EscapeHandling EscapeNonAscii).Trim('"')
    }

    function Get-PlainText([securestring] $Secret) {
        ConvertFrom-SecureString $Secret -AsPlainText
    }
}

Describe 'Passwords and tokens' {
    BeforeAll {
        $file = New-UserFile
        $folder = Split-Path $file
        $other = Join-Path $TestDrive secrets
        $null = New-Item $other -ItemType Directory
        $server = Start-TestServer
        $canary = 'Canary-Pässword-of-the-tests'
        $null = Send-TestServer $server user alice $canary

        # Typed line by line, so that there is a history; the tokens are kept aside to look for them.
        $script = @'
Set-Location $env:CANARY_FOLDER
$canary = ConvertTo-SecureString $env:CANARY -AsPlainText
$file, $uri, $aside = $env:CANARY_FILE, $env:CANARY_URI, $env:CANARY_ASIDE
$null = Start-Transcript $aside/transcript.txt
$VerbosePreference = $DebugPreference = $InformationPreference = 'Continue'
$ErrorView = 'DetailedView'
Import-Module $env:CANARY_MODULE -Verbose:$false
$login = [pscredential]::new('alice', $canary)
Set-PgEdgeUser alice -Password $canary -Path $file
$local = New-PgEdgeSession $login -Path $file
$remote = New-PgEdgeSession $login -Uri $uri -AuditPath ./remote.jsonl
$generated = New-PgEdgeUser dora -GeneratePassword -Path $file
$secrets = $local.Token, $remote.Token, $generated.GeneratedPassword | ConvertFrom-SecureString -AsPlainText
Set-Content $aside/tokens.txt $secrets
$local, $remote, $generated
$local, $remote, $generated | Format-List *
$local, $remote, $generated | ConvertTo-Json
"$local $remote $generated $($local.Token) $($generated.GeneratedPassword)"
$local, $remote | Test-PgEdgeSession
$remote | Get-PgEdgeTool
$remote | Invoke-PgEdgeTool query_database @{ query = 'selekt' }
$remote | Invoke-PgEdgeTool echo @{ password = $canary }
$local | Invoke-PgEdgeTool echo
New-PgEdgeUser alice -Password $canary -Path $file
New-PgEdgeUser erin -Password $env:CANARY -Path $file
[pscustomobject]@{ Username = 'erin'; Password = $env:CANARY } | New-PgEdgeUser -Path $file
New-PgEdgeSession -Username alice -Password $env:CANARY -Path $file
New-PgEdgeSession -Username nobody -Password $canary -Path $file
New-PgEdgeSession -Username nobody -Password $canary -Uri $uri -AuditPath ./remote.jsonl
New-PgEdgeSession $login -Uri $uri.Replace('http:', 'https:') -TimeoutSec 1
New-PgEdgeSession $login -Uri "https://alice:$([uri]::EscapeDataString($env:CANARY))@mcp.example.test"
New-PgEdgeSession $login -Uri http://mcp.example.test
New-PgEdgeSession $login -Path ./no.yaml
New-PgEdgeSession $login -Path $file -AuditPath no-such-drive:x
Remove-PgEdgeSession -Token $canary -Path $file
Test-PgEdgeSession -Token $local.Token -Uri http://mcp.example.test
Get-PgEdgeSession -Path $file | Format-List *
Get-PgEdgeAuditEvent -Path $file | Format-List *
Get-PgEdgeUser -Path $file | Format-List *
$local | Remove-PgEdgeSession
$local | Remove-PgEdgeSession
$null = Stop-Transcript
foreach ($e in $Error) { $e | Format-List * -Force; $e.Exception.ToString(); $e.InvocationInfo.PositionMessage }
Get-History | Format-List *
"$($Error.Count) errors"
'@
        $environment = @{
            CANARY = $canary; CANARY_FOLDER = $folder; CANARY_FILE = $file; CANARY_URI = $server.Uri;
            CANARY_ASIDE = $other; CANARY_MODULE = $ModulePath
        }
        $environment.Keys.ForEach({ Set-Item "env:$_" $environment[$_] })
        $program, $arguments = $ShellCommand + '-NoProfile', '-NonInteractive'
        $screen = $script | & $program $arguments -Command - 2>&1 | Out-String
        $transcript = Get-Content $other/transcript.txt -Raw
        $environment.Keys.ForEach({ Remove-Item "env:$_" })
        Stop-TestServer $server

        $forms = @($canary) + (Get-Content $other/tokens.txt) | ForEach-Object { Get-Form $_ } |
            ForEach-Object { [regex]::Escape($_) }
        $forms = $forms -join '|'

        # A text, and the same text without the line breaks of narrow screens.
        function Assert-NoForm([string] $Text) {
            $Text | Should -Not -Match $forms
            $Text -replace '\s*\n\s*' | Should -Not -Match $forms
        }
    }

    It 'are searched for after a session that used everything' {
        $screen | Should -Match '(?<!\d)17 errors'
        $screen | Should -Match 'CommandLine\W.*Set-PgEdgeUser alice -Password \$canary'
        $transcript | Should -Match AuthenticationFailed
        Get-Content $other/tokens.txt | Should -HaveCount 3
    }

    It 'are not in the output of any stream, the errors or the history' {
        Assert-NoForm $screen
    }

    It 'are not in the transcript' {
        Assert-NoForm $transcript
    }

    It 'are not in any file next to the user file' {
        $files = Get-ChildItem $folder -Force
        $files.Name | Sort-Object |
            Should -Be remote.jsonl, remote.jsonl.lock, users.yaml, users.yaml.audit.jsonl, users.yaml.audit.jsonl.lock,
            users.yaml.history.jsonl,
            users.yaml.lock, users.yaml.sessions.json
        foreach ($file in $files) {
            Assert-NoForm (Get-Content $file -Raw)
        }
    }
}

Describe 'A generated password' {
    BeforeEach {
        $file = New-UserFile
    }

    It 'is handed out once, signs in and is not kept: <_>' -ForEach @(
        { New-PgEdgeUser dora -GeneratePassword -Path $file }
        { Set-PgEdgeUser alice -GeneratePassword -Path $file }
    ) {
        $user = & $_

        $user.GeneratedPassword | Should -BeOfType securestring
        (New-PgEdgeSession -Username $user.Username -Password $user.GeneratedPassword -Path $file).Username |
            Should -Be $user.Username
        (Get-PgEdgeUser $user.Username -Path $file).psobject.Properties.Name | Should -Not -Contain GeneratedPassword
        Get-ChildItem (Split-Path $file) -Force | Get-Content -Raw |
            Should -Not -Match (Get-PlainText $user.GeneratedPassword)
    }

    It 'is another one for each user' {
        $users = Set-PgEdgeUser alice, bob -GeneratePassword -Path $file

        $users | ForEach-Object { Get-PlainText $_.GeneratedPassword } | Select-Object -Unique | Should -HaveCount 2
    }

    It 'is not generated with -WhatIf' {
        $users = & {
            New-PgEdgeUser dora -GeneratePassword -WhatIf -Path $file
            Set-PgEdgeUser alice -GeneratePassword -PassThru -WhatIf -Path $file
        }

        $users.Username | Should -Be alice
        $users.psobject.Properties.Name | Should -Not -Contain GeneratedPassword
        Test-Untouched $file | Should -BeTrue
    }

    It 'and one that is given exclude each other: <Command>' -ForEach @(
        @{
            Cmdlet = 'NewPgEdgeUser'
            Command = { New-PgEdgeUser dora -GeneratePassword -Password (New-Secret $Passwords.new) -Path $file }
        }
        @{
            Cmdlet = 'SetPgEdgeUser'
            Command = { Set-PgEdgeUser alice -GeneratePassword -Password (New-Secret $Passwords.new) -Path $file }
        }
    ) {
        $failure = (Invoke-Script $Command).Errors

        $failure.FullyQualifiedErrorId | Should -Be "AmbiguousParameterSet,PgEdgeUsers.Commands.$($Cmdlet)Command"
        $failure.CategoryInfo.Category | Should -Be InvalidArgument
        Test-Untouched $file | Should -BeTrue
    }
}
