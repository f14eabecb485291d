# Every error has a stable id and a category, and says what to do. What only a server can answer is tested with a
# server, and what only a failing disk or another process can cause, with the files of the core.

BeforeDiscovery {
    $vectors = Get-Content $PSScriptRoot/../PgEdgeUsers.Core.Tests/interop/loader-vectors.json -Raw | ConvertFrom-Json
    $refused = $vectors | Where-Object class -EQ must-refuse |
        ForEach-Object { @{ Name = $_.name; Base64 = $_.yaml_base64 } }
}

BeforeAll {
    . $PSScriptRoot/common.ps1
    $good = New-Secret $Passwords.new
    $short = New-Secret short
    # Of each kind of failure; all other errors are of category InvalidArgument here.
    $categories = [ordered] @{
        UserNotFound = 'ObjectNotFound'; UserExists = 'ResourceExists'; InvalidUsername = 'InvalidArgument'
        InvalidAnnotation = 'InvalidArgument'; PasswordRejected = 'InvalidArgument'; UserFileNotFound = 'ObjectNotFound'
        UserFileInvalid = 'InvalidData'; UserFileLocked = 'ResourceBusy'; UserFileAccessDenied = 'PermissionDenied'
        UserFileWriteFailed = 'WriteError'; InvalidUserFilePath = 'InvalidArgument'
        AuthenticationFailed = 'AuthenticationError'; SessionFileInvalid = 'InvalidData'
        SessionNotFound = 'ObjectNotFound'; SessionExpired = 'AuthenticationError'
        SessionRefused = 'AuthenticationError'; ToolFailed = 'InvalidOperation'; TooManyAttempts = 'LimitsExceeded'
        ServerUnreachable = 'ConnectionError'
        ServerTimeout = 'OperationTimeout'; ServerCertificateInvalid = 'SecurityError'
        ServerResponseInvalid = 'InvalidResult'; InvalidServerUri = 'InvalidArgument'; AuditFailed = 'WriteError'
        HistoryFailed = 'WriteError'
        RosterInvalid = 'InvalidData'; RosterDisablesTooMany = 'LimitsExceeded'
        HandoutFailed = 'WriteError'; ReviewFailed = 'WriteError'; RemoteObject = 'InvalidArgument'
        InvalidConfiguration = 'InvalidArgument'
    }
}

Describe 'The error' {
    BeforeEach {
        $file, $broken = (New-UserFile), (New-UserFile)
        Set-UserFile $broken "users: [a]`n"
        Push-Location (Split-Path $file)
        if (-not $IsWindows) {
            mkfifo pipe
        }
    }

    AfterEach {
        Pop-Location
    }

    It '<Id> is that of <Command>' -ForEach @(
        @{ Id = 'UserNotFound'; Command = { Disable-PgEdgeUser nobody -Path $file } }
        @{ Id = 'UserExists'; Command = { New-PgEdgeUser alice -Password $good -Path $file } }
        @{ Id = 'InvalidUsername'; Command = { New-PgEdgeUser a/b -Password $good -Path $file } }
        @{ Id = 'InvalidAnnotation'; Command = { Set-PgEdgeUser alice -Annotation "a`nb" -Path $file } }
        @{ Id = 'PasswordRejected'; Command = { Set-PgEdgeUser alice -Password $short -Path $file } }
        @{ Id = 'PlainTextPassword'; Command = { Set-PgEdgeUser alice -Password plain -Path $file } }
        @{ Id = 'UserFileNotFound'; Command = { Get-PgEdgeUser -Path nowhere.yaml } }
        @{ Id = 'UserFileNotFound'; Command = { New-PgEdgeUser dora -Password $good -Path no/such/folder.yaml } }
        @{ Id = 'UserFileNotFound'; Command = { Repair-PgEdgeUserFile nowhere.yaml } }
        @{ Id = 'UserFileNotFound'; Command = { Repair-PgEdgeUserFile nowhere.yaml -WhatIf } }
        @{ Id = 'UserFileNotFound'; Command = { Repair-PgEdgeUserFile no/such/folder.yaml } }
        @{ Id = 'UserFileInvalid'; Command = { Get-PgEdgeUser -Path $broken } }
        @{ Id = 'UserFileInvalid'; Command = { Repair-PgEdgeUserFile $broken } }
        @{ Id = 'InvalidUserFilePath'; Command = { Get-PgEdgeUser -Path ('x' * 300) } }
        @{ Id = 'AuthenticationFailed'; Command = { New-PgEdgeSession -Username alice -Password $good -Path $file } }
        @{ Id = 'SessionNotFound'; Command = { Remove-PgEdgeSession -Id 00000000 -Path $file } }
        @{
            Id = 'SessionFileInvalid'
            Command = { Set-Content "$file.sessions.json" '{'; Get-PgEdgeSession -Path $file }
        }
        @{ Id = 'NotASession'; Command = { 'text' | Test-PgEdgeSession -Path $file } }
        @{ Id = 'NotAServerSession'; Command = { 'text' | Get-PgEdgeTool } }
        @{
            Id = 'SessionExpired'
            Command = {
                [pscustomobject]@{ Uri = 'http://127.0.0.1:1'; Token = $good; ExpiresAt = [datetime]::Now } |
                    Get-PgEdgeTool
            }
        }
        @{
            Id = 'CredentialOfAnotherUser'
            Command = {
                [pscustomobject]@{ Uri = 'http://127.0.0.1:1'; Token = $good; Username = 'bob' } |
                    Get-PgEdgeTool -Credential (New-Login alice)
            }
        }
        @{
            Id = 'InvalidToolArgument'
            Command = {
                [pscustomobject]@{ Uri = 'http://127.0.0.1:1'; Token = $good } | Invoke-PgEdgeTool a @{ b = $good }
            }
        }
        @{ Id = 'NothingToRestore'; Category = 'ObjectNotFound'; Command = { Restore-PgEdgeUser bob -Path $file } }
        @{ Id = 'NothingToRestore'; Category = 'ObjectNotFound'; Command = { Restore-PgEdgeUser nobody -Path $file } }
        @{ Id = 'AuditFailed'; Command = { Get-PgEdgeAuditEvent -AuditPath . -Path $file } }
        @{
            Id = 'InvalidServerUri'
            Command = { New-PgEdgeSession -Username alice -Password $good -Uri ftp://example.com }
        }
        @{
            Id = 'PathWithUri'
            Command = { New-PgEdgeSession -Username alice -Password $good -Uri http://127.0.0.1:1 -Path $file }
        }
        @{
            Id = 'ServerUnreachable'
            Command = { New-PgEdgeSession -Username alice -Password $good -Uri http://127.0.0.1:1 }
        }
        foreach ($command in 'Get', 'Test', 'Repair') {
            # Test-PgEdgeUserFile answers false for a file that cannot be read.
            $paths = $command -eq 'Test' ? 'Variable:file' : ('.', 'Variable:file', '$file/below', 'pipe')
            foreach ($path in $paths) {
                @{ Id = 'InvalidUserFilePath'; Command = [scriptblock]::Create("$command-PgEdgeUserFile $path") }
            }
        }
    ) {
        if ($IsWindows -and "$Command" -match ' pipe$') {
            Set-ItResult -Skipped -Because 'Windows has no named pipes among the files of a folder'
        }
        $result = Invoke-Script $Command

        $result.Errors | Should -HaveCount 1
        $result.Errors[0].FullyQualifiedErrorId | Should -BeLike "$Id,PgEdgeUsers.Commands.*Command"
        $result.Errors[0].CategoryInfo.Category | Should -Be ($Category ?? $categories[$Id] ?? 'InvalidArgument')
        # A sentence, with what to do: not the text of an exception.
        "$($result.Errors[0])" | Should -MatchExactly '^\S.+[.:] .+[.?]$'
        "$($result.Errors[0])" | Should -Not -Match '   at '
        Test-Untouched $file | Should -Be ($Id -ne 'AuthenticationFailed')
        Test-Untouched $broken | Should -BeTrue
    }

    It 'of each kind of failure has a category of its own' {
        $null = Get-PgEdgeUser -Path $file
        $errors = (Get-Command Get-PgEdgeUser).ImplementingType.Assembly.GetType('PgEdgeUsers.Errors')
        $categoryOf = $errors.GetMethod('CategoryOf', [System.Reflection.BindingFlags] 'Static, NonPublic')
        $kinds = [enum]::GetValues($categoryOf.GetParameters()[0].ParameterType)
        $(foreach ($kind in $kinds) { "$kind $($categoryOf.Invoke($null, [object[]] $kind))" }) |
            Should -Be $categories.GetEnumerator().ForEach({ "$($_.Key) $($_.Value)" })
    }

    It 'for an empty -Path is one of the parameter' {
        { Test-PgEdgeUserFile '' } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }

    It 'for a number as a duration says how to write one' {
        { New-PgEdgeSession (New-Login alice) -Lifetime 8 -Path $file } |
            Should -Throw '*such as 90d, 12h or 30m*' -ErrorId 'ParameterArgumentTransformationError,*'
    }
}

Describe 'A file that the server refuses' {
    It 'is refused with path and line, and stays as it is: <Name>' -ForEach $refused {
        $file = New-UserFile
        [System.IO.File]::WriteAllBytes($file, [Convert]::FromBase64String($Base64))
        [System.IO.File]::SetLastWriteTimeUtc($file, $LongAgo)

        $results = foreach ($command in @(
                { Get-PgEdgeUser -Path $file }
                { Disable-PgEdgeUser a* -Path $file }
                { New-PgEdgeUser dora -Password $good -Path $file }
                { New-PgEdgeSession -Username alice -Password $good -Path $file }
            )) {
            Invoke-Script $command
        }

        $results.Output | Should -BeNullOrEmpty
        $results.Failures | Should -BeExactly (@("UserFileInvalid: $file") * 4)
        $results.Errors.ForEach({ "$_" }) |
            Should -Match "'$([regex]::Escape($file))'[^\p{Cc}]*\bline \d+: [^\p{Cc}]+\."
        Test-Untouched $file | Should -BeTrue
    }
}

Describe 'A password in plain text' {
    It 'is rejected and not shown: <_>' -ForEach @(
        { New-PgEdgeUser dora -Password $text -Path $file }
        { [pscustomobject]@{ Username = 'dora'; Password = $text } | New-PgEdgeUser -Path $file }
        { Set-PgEdgeUser alice -Password $text -Path $file }
        { New-PgEdgeSession -Username alice -Password $text -Path $file }
        { [pscustomobject]@{ Username = 'alice'; Password = $text } | New-PgEdgeSession -Path $file }
    ) {
        $file = New-UserFile
        $text = 'canary in the coal mine'
        $null = New-Secret $text

        $result = Invoke-Script $_

        $result.Errors | Should -HaveCount 1
        $result.Errors[0].FullyQualifiedErrorId | Should -BeLike 'PlainTextPassword,PgEdgeUsers.Commands.*'
        "$($result.Errors)" | Should -BeLike '*SecureString*'
        Test-Untouched $file | Should -BeTrue
    }
}
